package dev.saccade.runtime.checkpoint.random;

import dev.saccade.runtime.checkpoint.ModelConfig;
import dev.saccade.runtime.checkpoint.TextConfig;
import dev.saccade.runtime.checkpoint.VisionConfig;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The sizes of a model that weights are made for. */
public enum Shape {

    /** The bundled demo model: 5.4 million weights. */
    DEMO(
            "demo",
            new TextConfig(256, 5, 4, 2, 64, 704, 768, 4_096, 1e-6, 1e6, List.of(8, 12, 12), false),
            vision(4, 128, 340, 4, 56, 256, 2)),

    /**
     * A small sibling that was never published: the language model has the sizes of Qwen2.5-0.5B, the vision tower half of
     * the published tower's depth and width, with heads of the same 80 values.
     */
    HALF_BILLION(
            "0.5b",
            new TextConfig(896, 24, 14, 2, 64, 4_864, 151_936, 32_768, 1e-6, 1e6, List.of(8, 12, 12), true),
            vision(16, 640, 1_710, 8, 112, 896, 8)),

    /** Qwen2.5-VL-3B. */
    THREE_BILLION(
            "3b",
            new TextConfig(2_048, 36, 16, 2, 128, 11_008, 151_936, 128_000, 1e-6, 1e6, List.of(16, 24, 24), true),
            vision(32, 1_280, 3_420, 16, 112, 2_048, 8)),

    /** Qwen2.5-VL-7B and Cosmos-Reason1-7B. */
    SEVEN_BILLION(
            "7b",
            new TextConfig(3_584, 28, 28, 4, 128, 18_944, 152_064, 128_000, 1e-6, 1e6, List.of(16, 24, 24), false),
            vision(32, 1_280, 3_420, 16, 112, 3_584, 8));

    private final String label;
    private final TextConfig text;
    private final VisionConfig vision;

    Shape(String label, TextConfig text, VisionConfig vision) {
        this.label = label;
        this.text = text;
        this.vision = vision;
    }

    /** @param group blocks of which the last one attends across windows */
    private static VisionConfig vision(
            int depth, int hidden, int intermediate, int heads, int window, int out, int group) {
        return new VisionConfig(
                depth, hidden, intermediate, heads, 3, 14, 2, 2, window, out, lastOfEach(group, depth), 2);
    }

    private static Set<Integer> lastOfEach(int group, int depth) {
        Set<Integer> full = new HashSet<>();
        for (int block = group - 1; block < depth; block += group) {
            full.add(block);
        }
        return full;
    }

    /**
     * The shape that a user names.
     *
     * @throws IllegalArgumentException with the names there are
     */
    public static Shape named(String label) {
        String wanted = label.toLowerCase(Locale.ROOT);
        for (Shape shape : values()) {
            if (shape.label.equals(wanted)) {
                return shape;
            }
        }
        String all = Arrays.stream(values()).map(Shape::label).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("there is no shape \"" + label + "\"; choose one of " + all);
    }

    /** As users write it, e.g. {@code 7b}. */
    public String label() {
        return label;
    }

    /** Layers of the whole language model. */
    public int layers() {
        return text.layers();
    }

    /** The whole model. */
    public ModelConfig config() {
        return config(layers());
    }

    /**
     * The model cut to fewer decoder layers. The vision tower is cut in proportion, in whole groups of blocks that end
     * with one of full attention, so that a cut tower's work is split between both kinds as the whole one's is.
     *
     * @param layers at least 1 and at most {@link #layers}
     */
    public ModelConfig config(int layers) {
        if (layers < 1 || layers > layers()) {
            throw new IllegalArgumentException(
                    "shape " + label + " has " + layers() + " layers; give 1 to " + layers() + ", not " + layers);
        }
        int groups = vision.fullAttentionBlocks().size();
        int group = vision.depth() / groups;
        int kept = Math.max(1, Math.round((float) groups * layers / layers()));
        return specialTokens().complete(withLayers(text, layers), withDepth(vision, kept * group, group));
    }

    SpecialTokens specialTokens() {
        return this == DEMO ? SpecialTokens.DEMO : SpecialTokens.QWEN;
    }

    private static TextConfig withLayers(TextConfig text, int layers) {
        return new TextConfig(
                text.hiddenSize(),
                layers,
                text.queryHeads(),
                text.keyValueHeads(),
                text.headSize(),
                text.intermediateSize(),
                text.vocabularySize(),
                text.maxPositions(),
                text.rmsNormEps(),
                text.ropeTheta(),
                text.mropeSection(),
                text.tieWordEmbeddings());
    }

    private static VisionConfig withDepth(VisionConfig vision, int depth, int group) {
        return new VisionConfig(
                depth,
                vision.hiddenSize(),
                vision.intermediateSize(),
                vision.heads(),
                vision.inChannels(),
                vision.patchSize(),
                vision.temporalPatchSize(),
                vision.mergeSize(),
                vision.windowSize(),
                vision.outHiddenSize(),
                lastOfEach(group, depth),
                vision.tokensPerSecond());
    }
}
