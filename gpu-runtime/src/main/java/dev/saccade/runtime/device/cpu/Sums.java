package dev.saccade.runtime.device.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Where finished sums go. */
final class Sums {

    private Sums() {}

    /**
     * {@code out[r][i] = sums[r][i] + bias[i]} for the outputs of one tile.
     *
     * @param sums (rows, {@code width}) from {@code from} on, of which {@code count} values a row are real
     * @param outStride values from one row of {@code out} to the next
     */
    static void store(
            float[] sums,
            int from,
            int width,
            int rows,
            int count,
            float @Nullable [] bias,
            int biasFrom,
            float[] out,
            int outFrom,
            int outStride) {
        for (int row = 0; row < rows; row++) {
            int source = from + row * width;
            int target = outFrom + row * outStride;
            if (bias == null) {
                System.arraycopy(sums, source, out, target, count);
            } else {
                for (int i = 0; i < count; i++) {
                    out[target + i] = sums[source + i] + bias[biasFrom + i];
                }
            }
        }
    }

    /** The same from memory outside the heap. */
    static void store(
            MemorySegment sums,
            int width,
            int rows,
            int count,
            float @Nullable [] bias,
            int biasFrom,
            float[] out,
            int outFrom,
            int outStride) {
        for (int row = 0; row < rows; row++) {
            int target = outFrom + row * outStride;
            MemorySegment.copy(sums, ValueLayout.JAVA_FLOAT, 4L * row * width, out, target, count);
            if (bias != null) {
                RowKernels.add(out, target, bias, biasFrom, count);
            }
        }
    }
}
