package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.RowKinds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how rows are multiplied: in Java, or, for rows of prompts and large weights, by {@link OneDnn}.
 */
final class Products {

    /** Weights from which a library of 90 MB pays: far more than the demo model's largest. */
    static final long LARGE_WEIGHTS = 4_000_000;

    /** Outputs of one share of a product. */
    private static final int SLICE = 512;

    private final ComputePool pool;
    private final @Nullable OneDnn forced;
    private final StreamedProduct streamed;
    private final BlockedProduct blocked;

    /** @param forced for tests: used for all weights in bf16, however small */
    Products(ComputePool pool, @Nullable OneDnn forced) {
        this.pool = pool;
        this.forced = forced;
        this.streamed = new StreamedProduct(pool.threads());
        this.blocked = new BlockedProduct(pool.threads());
    }

    /** Tensors that oneDNN is to read where they are mapped; none where it isn't used for these weights. */
    List<Tensor> forOneDnn(List<Tensor> stacked) {
        boolean published = stacked.stream().allMatch(tensor -> tensor.dtype() == DType.BF16);
        long elements = stacked.stream().mapToLong(Tensor::elements).sum();
        if (!published || (forced == null && (elements < LARGE_WEIGHTS || OneDnn.get() == null))) {
            return List.of();
        }
        return stacked;
    }

    /**
     * {@code out = x * weights^T + bias}.
     *
     * @param kinds rows of answers come first
     */
    void multiply(PackedMatrix weights, CpuBuffer x, RowKinds kinds, float @Nullable [] bias, CpuBuffer out) {
        boolean oneDnn = !weights.mapped().isEmpty() && kinds.prompt() > 0;
        inJava(weights, x, 0, oneDnn ? kinds.answer() : kinds.rows(), bias, out);
        if (oneDnn) {
            byOneDnn(weights, x, kinds.answer(), kinds.rows(), bias, out);
        }
    }

    private void inJava(PackedMatrix weights, CpuBuffer x, int first, int end, float @Nullable [] bias, CpuBuffer out) {
        int rows = end - first;
        if (rows == 0) {
            return;
        }
        int xFrom = x.offset() + first * weights.inputs();
        int outFrom = out.offset() + first * weights.outputs();
        if (weights.bfloat16() && rows <= StreamedProduct.MOST_ROWS) {
            streamed.run(pool, weights, x.values(), xFrom, rows, bias, out.values(), outFrom);
        } else {
            blocked.run(pool, weights, x.values(), xFrom, rows, bias, out.values(), outFrom);
        }
    }

    private void byOneDnn(
            PackedMatrix weights, CpuBuffer x, int first, int end, float @Nullable [] bias, CpuBuffer out) {
        OneDnn oneDnn = forced != null ? forced : OneDnn.get();
        if (oneDnn == null) {
            throw new IllegalStateException("oneDNN was there when the weights were loaded");
        }
        int rows = end - first;
        int inputs = weights.inputs();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment rounded = arena.allocate(2L * rows * inputs, 64); // bf16 (rows, inputs)
            int xFrom = x.offset() + first * inputs;
            pool.loop(rows, 4L * inputs, (worker, from, to) -> round(x.values(), xFrom, inputs, from, to, rounded));
            int firstOutput = 0;
            for (Tensor tensor : weights.mapped()) {
                int outputs = tensor.shape()[0];
                int columnsFrom = firstOutput;
                long work = (long) rows * inputs * SLICE;
                pool.loop(Math.ceilDiv(outputs, SLICE), work, (worker, from, to) -> {
                    for (int slice = from; slice < to; slice++) {
                        int begin = slice * SLICE;
                        int count = Math.min(SLICE, outputs - begin);
                        try (Arena own = Arena.ofConfined()) {
                            MemorySegment result = own.allocate(4L * rows * count, 64); // float32 (rows, count)
                            MemorySegment part = tensor.data().asSlice(2L * begin * inputs, 2L * count * inputs);
                            oneDnn.multiply(rounded, rows, inputs, part, count, result);
                            store(result, rows, count, weights.outputs(), first, columnsFrom + begin, bias, out);
                        }
                    }
                });
                firstOutput += outputs;
            }
        }
    }

    private static void round(float[] x, int at, int inputs, int from, int to, MemorySegment rounded) {
        short[] row = new short[inputs];
        for (int r = from; r < to; r++) {
            for (int i = 0; i < inputs; i++) {
                row[i] = (short) Lanes.toBfloat16(x[at + r * inputs + i]);
            }
            MemorySegment.copy(row, 0, rounded, ValueLayout.JAVA_SHORT, 2L * r * inputs, inputs);
        }
    }

    private static void store(
            MemorySegment result,
            int rows,
            int count,
            int outputs,
            int firstRow,
            int firstColumn,
            float @Nullable [] bias,
            CpuBuffer out) {
        for (int row = 0; row < rows; row++) {
            int to = out.offset() + (firstRow + row) * outputs + firstColumn;
            MemorySegment.copy(result, ValueLayout.JAVA_FLOAT, 4L * row * count, out.values(), to, count);
            if (bias != null) {
                RowKernels.add(out.values(), to, bias, firstColumn, count);
            }
        }
    }
}
