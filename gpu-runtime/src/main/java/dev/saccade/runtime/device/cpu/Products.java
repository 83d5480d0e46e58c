package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.device.RowKinds;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how rows are multiplied: in Java, where every kernel gives a row the same bits, or, for rows of prompts and
 * large weights, by {@link OneDnn}, where rows of one kind have the same bits. Where bits needn't be kept, several answers
 * take oneDNN too.
 */
final class Products {

    /** Weights from which a library of 90 MB pays: far more than the demo model's largest. */
    static final long LARGE_WEIGHTS = 4_000_000;

    private final ComputePool pool;
    private final Arena arena;
    /** Answers from which oneDNN is faster, where the processor multiplies bf16. */
    private static final int MANY_ANSWERS = 8;

    private final boolean batchInvariant;
    private final @Nullable OneDnn forced;
    private final StreamedProduct streamed;
    private final BlockedProduct blocked;
    private @Nullable OneDnnProduct oneDnn;

    /** @param forced for tests: used for all weights in bf16, however small */
    Products(ComputePool pool, Arena arena, boolean batchInvariant, @Nullable OneDnn forced) {
        this.batchInvariant = batchInvariant;
        this.pool = pool;
        this.arena = arena;
        this.forced = forced;
        this.streamed = new StreamedProduct(pool.threads());
        this.blocked = new BlockedProduct(pool.threads());
    }

    /** Opens oneDNN where it is used for weights of this size, so that no request waits for it. */
    void prepare(PackedMatrix weights) {
        if (oneDnn == null && wanted(weights)) {
            OneDnn found = forced != null ? forced : OneDnn.get();
            if (found != null) {
                oneDnn = new OneDnnProduct(found, pool.threads(), arena);
            }
        }
    }

    private boolean wanted(PackedMatrix weights) {
        return weights.bfloat16() && (forced != null || (long) weights.outputs() * weights.inputs() >= LARGE_WEIGHTS);
    }

    /**
     * {@code out = x * weights^T + bias}.
     *
     * @param kinds rows of answers come first
     */
    void multiply(PackedMatrix weights, CpuBuffer x, RowKinds kinds, float @Nullable [] bias, CpuBuffer out) {
        boolean manyAnswers = !batchInvariant && kinds.answer() >= MANY_ANSWERS;
        OneDnnProduct library = (kinds.prompt() > 0 || manyAnswers) && wanted(weights) ? oneDnn : null;
        int inJava = library == null ? kinds.rows() : manyAnswers ? 0 : kinds.answer();
        if (inJava > 0) {
            if (weights.bfloat16() && inJava <= StreamedProduct.MOST_ROWS) {
                streamed.run(pool, weights, x.values(), x.offset(), inJava, bias, out.values(), out.offset());
            } else {
                blocked.run(pool, weights, x.values(), x.offset(), inJava, bias, out.values(), out.offset());
            }
        }
        if (library != null) {
            int xFrom = x.offset() + inJava * weights.inputs();
            int outFrom = out.offset() + inJava * weights.outputs();
            library.run(pool, weights, x.values(), xFrom, kinds.rows() - inJava, bias, out.values(), outFrom);
        }
    }
}
