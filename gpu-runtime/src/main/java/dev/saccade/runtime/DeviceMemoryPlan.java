package dev.saccade.runtime;

import dev.saccade.runtime.checkpoint.ExpectedTensors;
import dev.saccade.runtime.checkpoint.ModelConfig;
import dev.saccade.runtime.checkpoint.TextConfig;
import dev.saccade.runtime.checkpoint.VisionConfig;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.schedule.StepBudget;
import java.util.Locale;

/**
 * What an engine takes of a GPU's memory, by arithmetic alone: no GPU is asked. Bytes; activations are counted at the
 * largest step that the engine makes.
 *
 * @param weights in bf16; norms and biases in float32
 * @param decoder activations of a step's rows, and their logits
 * @param vision activations of the patches that a step encodes, one temporal group of the largest frame at the most
 * @param visualTokens kept for running requests and for later questions about the same clip
 * @param library cuBLAS, the kernels, the driver's context
 * @param tokenBytes keys and values of one token
 * @param kvTokens tokens that the cache holds; 0 until {@link #within} says
 */
public record DeviceMemoryPlan(
        long weights, long decoder, long vision, long visualTokens, long library, long tokenBytes, int kvTokens) {

    private static final int BF16 = Short.BYTES;
    private static final int FLOAT = Float.BYTES;

    /** Rows of the tower's widest activations that exist at once; as in the vision tower. */
    private static final int TOWER_MLP_ROWS = 2048;

    /** Floats of unmerged attention: pieces and heads at the most, as in decode_attention.cu. */
    private static final int ATTENTION_PARTIALS = 32 * 8;

    /** Context and code of the kernels, seen on an H100 to be below it, and cuBLAS's workspace. */
    private static final long LIBRARY_BYTES = 768L << 20;

    private static final long MOST_TOKENS = 1L << 30;

    /** Most patches that the published preprocessor makes of one temporal group. */
    private static final int LARGEST_GROUP = 16_384;

    public static DeviceMemoryPlan of(ModelConfig config, EngineOptions options) {
        return new DeviceMemoryPlan(
                weights(config),
                decoder(config.text(), options),
                vision(config.vision()),
                options.visionCacheBytes(),
                LIBRARY_BYTES,
                2L
                        * config.text().layers()
                        * config.text().keyValueHeads()
                        * config.text().headSize()
                        * BF16,
                options.kvCacheTokens());
    }

    private static long weights(ModelConfig config) {
        long bytes = 0;
        for (int[] shape : ExpectedTensors.of(config).values()) {
            long elements = 1;
            for (int side : shape) {
                elements *= side;
            }
            bytes += elements * (shape.length == 1 ? FLOAT : BF16);
        }
        return bytes;
    }

    private static long decoder(TextConfig text, EngineOptions options) {
        StepBudget budget = StepBudget.DEFAULT;
        long answers = (long) options.maxSequences() * (1 + options.speculativeTokens());
        long rows = budget.readTokens() + answers;
        long outputs = answers + budget.promptLogitRows();
        long qkv = (text.queryHeads() + 2L * text.keyValueHeads()) * text.headSize();
        long row = (2L * FLOAT + BF16) * text.hiddenSize()
                + BF16 * (qkv + (long) text.queryHeads() * text.headSize() + 3L * text.intermediateSize())
                + (long) FLOAT * text.headSize();
        long output = (long) FLOAT * text.vocabularySize() + (long) BF16 * text.hiddenSize();
        long partials = answers * text.keyValueHeads() * ATTENTION_PARTIALS * (text.headSize() + 2L) * FLOAT;
        long changedLogits = answers * FLOAT * text.vocabularySize(); // by penalties and masks
        return rows * row + outputs * output + changedLogits + partials;
    }

    private static long vision(VisionConfig vision) {
        long rows = Math.max(StepBudget.DEFAULT.patches(), LARGEST_GROUP);
        long width = vision.hiddenSize();
        long row = (2L * FLOAT + BF16 + 3L * BF16) * width + (long) FLOAT * vision.headSize();
        long cells = rows / (vision.mergeSize() * vision.mergeSize());
        long wide = Math.max(TOWER_MLP_ROWS * 2L * vision.intermediateSize(), rows * width);
        long narrow = Math.max((long) TOWER_MLP_ROWS * vision.intermediateSize(), cells * vision.outHiddenSize());
        return rows * row + BF16 * (wide + narrow + (long) TOWER_MLP_ROWS * vision.patchValues());
    }

    public long cache() {
        return tokenBytes * kvTokens;
    }

    public long total() {
        return weights + decoder + vision + visualTokens + library + cache();
    }

    /** Tokens of a cache that takes all of so much memory that is left, whole blocks; below 0 where the rest doesn't fit. */
    public long tokensThatFit(long memory) {
        long tokens = Math.floorDiv(memory - (total() - cache()), tokenBytes);
        return Math.floorDiv(tokens, KeyValueCache.BLOCK_TOKENS) * KeyValueCache.BLOCK_TOKENS;
    }

    /** This plan, or where its options leave the cache's size open, the one whose cache takes what is left of so much memory. */
    public DeviceMemoryPlan within(long memory) {
        if (kvTokens > 0) {
            return this;
        }
        int fit = (int) Math.clamp(tokensThatFit(memory), 0, MOST_TOKENS);
        return new DeviceMemoryPlan(weights, decoder, vision, visualTokens, library, tokenBytes, fit);
    }

    /** Whether it fits, with a cache of one block at the least. */
    public boolean fits(long memory) {
        return kvTokens > 0 && total() <= memory;
    }

    /** A line for each part, and whether it fits. */
    public String table(long memory) {
        StringBuilder table = new StringBuilder();
        line(table, "weights, bf16", weights);
        line(table, "activations of a step", decoder);
        line(table, "activations of the vision tower, worst case", vision);
        line(table, "visual tokens", visualTokens);
        line(table, "cuBLAS, kernels, driver", library);
        line(
                table,
                String.format(Locale.ROOT, "KV cache of %,d tokens, %,d bytes each", kvTokens, tokenBytes),
                cache());
        line(table, "together", total());
        line(table, "memory", memory);
        long fit = tokensThatFit(memory);
        if (fits(memory)) {
            table.append(String.format(Locale.ROOT, "It fits; a KV cache of %,d tokens would fill it.%n", fit));
        } else if (fit > 0) {
            table.append(String.format(Locale.ROOT, "It does not fit; a KV cache of %,d tokens would.%n", fit));
        } else {
            table.append("It does not fit, whatever the cache: take a larger GPU, or fewer sequences.%n".formatted());
        }
        return table.toString();
    }

    private static void line(StringBuilder table, String part, long bytes) {
        table.append(String.format(Locale.ROOT, "%-48s %8.2f GB%n", part, bytes / 1e9));
    }
}
