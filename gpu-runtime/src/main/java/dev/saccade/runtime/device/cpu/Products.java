package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.device.RowKinds;
import java.lang.foreign.Arena;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how rows are multiplied. Small weights, and float32, are multiplied in Java. Large ones take the machine's best
 * {@link ProductKernels}: where oneDNN is used for rows of prompts, rows of one kind have the same bits, and where bits
 * needn't be kept, several answers take it too; every other choice gives a row the same bits as either kind.
 */
final class Products {

    /** Weights from which rounding and a library of 90 MB pay: more than the demo model's largest. */
    static final long LARGE_WEIGHTS = 500_000;

    /** Answers from which oneDNN is faster, where the processor multiplies bf16. */
    private static final int MANY_ANSWERS = 8;

    private final ComputePool pool;
    private final Arena arena;
    private final boolean batchInvariant;
    private final @Nullable ProductKernels forced;
    private final StreamedProduct streamed;
    private final BlockedProduct blocked;
    private @Nullable OneDnnProduct oneDnn;
    private @Nullable AmxProduct amx;

    /** @param forced for tests: used for all weights in bf16, however small */
    Products(ComputePool pool, Arena arena, boolean batchInvariant, @Nullable ProductKernels forced) {
        this.batchInvariant = batchInvariant;
        this.pool = pool;
        this.arena = arena;
        this.forced = forced;
        this.streamed = new StreamedProduct(pool.threads());
        this.blocked = new BlockedProduct(pool.threads());
    }

    /** Opens what is used for weights of this size, so that no request waits for it. */
    void prepare(PackedMatrix weights) {
        if (amx != null || oneDnn != null || !isLarge(weights)) {
            return;
        }
        switch (forced != null ? forced : ProductKernels.best()) {
            case AMX -> amx = new AmxProduct(Objects.requireNonNull(AmxKernels.get()), pool.threads(), arena);
            case ONEDNN -> oneDnn = new OneDnnProduct(OneDnn.open(), pool.threads(), arena);
            case JAVA -> {}
        }
    }

    private boolean isLarge(PackedMatrix weights) {
        return weights.bfloat16() && (forced != null || (long) weights.outputs() * weights.inputs() >= LARGE_WEIGHTS);
    }

    /**
     * {@code out = x * weights^T + bias}.
     *
     * @param kinds rows of answers come first
     */
    void multiply(PackedMatrix weights, CpuBuffer x, RowKinds kinds, float @Nullable [] bias, CpuBuffer out) {
        boolean large = isLarge(weights);
        if (large && amx != null) {
            amx.run(pool, weights, x.values(), x.offset(), kinds.rows(), bias, out.values(), out.offset());
            return;
        }
        boolean manyAnswers = !batchInvariant && kinds.answer() >= MANY_ANSWERS;
        OneDnnProduct library = large && (kinds.prompt() > 0 || manyAnswers) ? oneDnn : null;
        int inJava = library == null ? kinds.rows() : manyAnswers ? 0 : kinds.answer();
        if (inJava > 0) {
            inJava(weights, x, inJava, bias, out);
        }
        if (library != null) {
            int xFrom = x.offset() + inJava * weights.inputs();
            int outFrom = out.offset() + inJava * weights.outputs();
            library.run(pool, weights, x.values(), xFrom, kinds.rows() - inJava, bias, out.values(), outFrom);
        }
    }

    private void inJava(PackedMatrix weights, CpuBuffer x, int rows, float @Nullable [] bias, CpuBuffer out) {
        if (weights.bfloat16() && rows <= StreamedProduct.MOST_ROWS) {
            streamed.run(pool, weights, x.values(), x.offset(), rows, bias, out.values(), out.offset());
        } else {
            blocked.run(pool, weights, x.values(), x.offset(), rows, bias, out.values(), out.offset());
        }
    }
}
