package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.INTS;
import static dev.saccade.runtime.device.cpu.Lanes.ORDER;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;
import static dev.saccade.runtime.device.cpu.PackedMatrix.PANEL;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.jspecify.annotations.Nullable;

/**
 * Products of rows with one panel of weights. Lanes are outputs, so no sum crosses lanes: every output is
 * {@code ((x0*w0) + x1*w1) + ...} in the order of the inputs, by fused multiply-adds, in the tile of four rows as in that
 * of one. That makes a row's result independent of its neighbours, and bf16 weights give the bits of the same weights in
 * float32.
 */
final class MatrixKernels {

    /** Rows of the larger tile: 4 x 2 sums, 4 weights and 2 factors fill the registers of AVX2. */
    private static final int TILE = 4;

    private MatrixKernels() {}

    /**
     * {@code out[r][n] = sum(x[r] * w[n]) + bias[n]} for the outputs of one panel and all rows.
     *
     * @param x (rows, inputs) from {@code xFrom} on
     * @param out (rows, outputs) from {@code outFrom} on
     */
    static void panel(
            PackedMatrix weights,
            int panel,
            float[] x,
            int xFrom,
            int rows,
            float @Nullable [] bias,
            float[] out,
            int outFrom) {
        int firstOutput = panel * PANEL;
        float[] sums = new float[TILE * PANEL]; // (4, 32); escapes analysis, 512 bytes
        long base = panel * weights.panelBytes();
        int count = Math.min(PANEL, weights.outputs() - firstOutput);
        int inputs = weights.inputs();
        for (int row = 0; row < rows; ) {
            int tile = rows - row >= TILE ? TILE : 1;
            int xRow = xFrom + row * inputs;
            for (int column = 0; column < PANEL; column += 2 * WIDTH) {
                long at = base + column * 4L;
                if (weights.bfloat16()) {
                    if (tile == TILE) {
                        fourRowsBfloat16(weights.data(), at, inputs, x, xRow, sums, column);
                    } else {
                        oneRowBfloat16(weights.data(), at, inputs, x, xRow, sums, column);
                    }
                } else if (tile == TILE) {
                    fourRowsFloat32(weights.data(), at, inputs, x, xRow, sums, column);
                } else {
                    oneRowFloat32(weights.data(), at, inputs, x, xRow, sums, column);
                }
            }
            for (int r = 0; r < tile; r++) {
                int target = outFrom + (row + r) * weights.outputs() + firstOutput;
                store(sums, r * PANEL, bias, firstOutput, out, target, count);
            }
            row += tile;
        }
    }

    private static void store(
            float[] sums, int from, float @Nullable [] bias, int biasFrom, float[] out, int target, int count) {
        if (bias == null) {
            System.arraycopy(sums, from, out, target, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            out[target + i] = sums[from + i] + bias[biasFrom + i];
        }
    }

    private static void oneRowBfloat16(
            MemorySegment weights, long at, int inputs, float[] x, int x0, float[] sums, int column) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = FloatVector.zero(FLOATS);
        int pairs = inputs / 2;
        for (int i = 0; i < pairs; i++) {
            IntVector wa = IntVector.fromMemorySegment(INTS, weights, at + i * (PANEL * 4L), ORDER);
            IntVector wb = IntVector.fromMemorySegment(INTS, weights, at + i * (PANEL * 4L) + WIDTH * 4L, ORDER);
            FloatVector first = FloatVector.broadcast(FLOATS, x[x0 + 2 * i]);
            FloatVector second = FloatVector.broadcast(FLOATS, x[x0 + 2 * i + 1]);
            a = second.fma(Lanes.high(wa), first.fma(Lanes.low(wa), a));
            b = second.fma(Lanes.high(wb), first.fma(Lanes.low(wb), b));
        }
        if (inputs % 2 == 1) {
            IntVector wa = IntVector.fromMemorySegment(INTS, weights, at + pairs * (PANEL * 4L), ORDER);
            IntVector wb = IntVector.fromMemorySegment(INTS, weights, at + pairs * (PANEL * 4L) + WIDTH * 4L, ORDER);
            FloatVector last = FloatVector.broadcast(FLOATS, x[x0 + inputs - 1]);
            a = last.fma(Lanes.low(wa), a);
            b = last.fma(Lanes.low(wb), b);
        }
        a.intoArray(sums, column);
        b.intoArray(sums, column + WIDTH);
    }

    private static void fourRowsBfloat16(
            MemorySegment weights, long at, int inputs, float[] x, int x0, float[] sums, int column) {
        int x1 = x0 + inputs;
        int x2 = x1 + inputs;
        int x3 = x2 + inputs;
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        for (int k = 0; k < inputs; k += 2) {
            IntVector wa = IntVector.fromMemorySegment(INTS, weights, at + k * (PANEL * 2L), ORDER);
            IntVector wb = IntVector.fromMemorySegment(INTS, weights, at + k * (PANEL * 2L) + WIDTH * 4L, ORDER);
            FloatVector aw = Lanes.low(wa);
            FloatVector bw = Lanes.low(wb);
            FloatVector f0 = FloatVector.broadcast(FLOATS, x[x0 + k]);
            a0 = f0.fma(aw, a0);
            b0 = f0.fma(bw, b0);
            FloatVector f1 = FloatVector.broadcast(FLOATS, x[x1 + k]);
            a1 = f1.fma(aw, a1);
            b1 = f1.fma(bw, b1);
            FloatVector f2 = FloatVector.broadcast(FLOATS, x[x2 + k]);
            a2 = f2.fma(aw, a2);
            b2 = f2.fma(bw, b2);
            FloatVector f3 = FloatVector.broadcast(FLOATS, x[x3 + k]);
            a3 = f3.fma(aw, a3);
            b3 = f3.fma(bw, b3);
            if (k + 1 == inputs) {
                break;
            }
            aw = Lanes.high(wa);
            bw = Lanes.high(wb);
            f0 = FloatVector.broadcast(FLOATS, x[x0 + k + 1]);
            a0 = f0.fma(aw, a0);
            b0 = f0.fma(bw, b0);
            f1 = FloatVector.broadcast(FLOATS, x[x1 + k + 1]);
            a1 = f1.fma(aw, a1);
            b1 = f1.fma(bw, b1);
            f2 = FloatVector.broadcast(FLOATS, x[x2 + k + 1]);
            a2 = f2.fma(aw, a2);
            b2 = f2.fma(bw, b2);
            f3 = FloatVector.broadcast(FLOATS, x[x3 + k + 1]);
            a3 = f3.fma(aw, a3);
            b3 = f3.fma(bw, b3);
        }
        a0.intoArray(sums, column);
        b0.intoArray(sums, column + WIDTH);
        a1.intoArray(sums, PANEL + column);
        b1.intoArray(sums, PANEL + column + WIDTH);
        a2.intoArray(sums, 2 * PANEL + column);
        b2.intoArray(sums, 2 * PANEL + column + WIDTH);
        a3.intoArray(sums, 3 * PANEL + column);
        b3.intoArray(sums, 3 * PANEL + column + WIDTH);
    }

    private static void oneRowFloat32(
            MemorySegment weights, long at, int inputs, float[] x, int x0, float[] sums, int column) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = FloatVector.zero(FLOATS);
        for (int i = 0; i < inputs; i++) {
            FloatVector factor = FloatVector.broadcast(FLOATS, x[x0 + i]);
            a = factor.fma(FloatVector.fromMemorySegment(FLOATS, weights, at + i * (PANEL * 4L), ORDER), a);
            b = factor.fma(
                    FloatVector.fromMemorySegment(FLOATS, weights, at + i * (PANEL * 4L) + WIDTH * 4L, ORDER), b);
        }
        a.intoArray(sums, column);
        b.intoArray(sums, column + WIDTH);
    }

    private static void fourRowsFloat32(
            MemorySegment weights, long at, int inputs, float[] x, int x0, float[] sums, int column) {
        int x1 = x0 + inputs;
        int x2 = x1 + inputs;
        int x3 = x2 + inputs;
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector b0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        for (int i = 0; i < inputs; i++) {
            FloatVector aw = FloatVector.fromMemorySegment(FLOATS, weights, at + i * (PANEL * 4L), ORDER);
            FloatVector bw = FloatVector.fromMemorySegment(FLOATS, weights, at + i * (PANEL * 4L) + WIDTH * 4L, ORDER);
            FloatVector f0 = FloatVector.broadcast(FLOATS, x[x0 + i]);
            a0 = f0.fma(aw, a0);
            b0 = f0.fma(bw, b0);
            FloatVector f1 = FloatVector.broadcast(FLOATS, x[x1 + i]);
            a1 = f1.fma(aw, a1);
            b1 = f1.fma(bw, b1);
            FloatVector f2 = FloatVector.broadcast(FLOATS, x[x2 + i]);
            a2 = f2.fma(aw, a2);
            b2 = f2.fma(bw, b2);
            FloatVector f3 = FloatVector.broadcast(FLOATS, x[x3 + i]);
            a3 = f3.fma(aw, a3);
            b3 = f3.fma(bw, b3);
        }
        a0.intoArray(sums, column);
        b0.intoArray(sums, column + WIDTH);
        a1.intoArray(sums, PANEL + column);
        b1.intoArray(sums, PANEL + column + WIDTH);
        a2.intoArray(sums, 2 * PANEL + column);
        b2.intoArray(sums, 2 * PANEL + column + WIDTH);
        a3.intoArray(sums, 3 * PANEL + column);
        b3.intoArray(sums, 3 * PANEL + column + WIDTH);
    }
}
