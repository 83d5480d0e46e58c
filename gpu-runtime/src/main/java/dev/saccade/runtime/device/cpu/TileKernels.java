package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Products of a tile of rows with {@link #COLUMNS} outputs, out of the cache: weights widened to float32 as (inputs, 32),
 * rows laid side by side as (inputs, rows of the tile), sums as (rows, {@link #SUMS}), which are read and
 * written.
 *
 * <p>Sums run as in {@link DecodeKernels}, so that a row has the same bits there and here.
 *
 * <p>Parameters: {@code count} inputs, {@code column} the first of the two vectors of outputs, {@code from} where the
 * tile begins in {@code x}, {@code sum} where its sums begin.
 */
final class TileKernels {

    /** Outputs of a tile: two panels. */
    static final int COLUMNS = 2 * PackedMatrix.PANEL;

    /** From one row's sums to the next: a group's outputs. */
    static final int SUMS = PackedMatrix.GROUP_OUTPUTS;

    private TileKernels() {}

    static void rows1(float[] weights, int count, int column, float[] x, int from, float[] sums, int sum) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sum + column);
        FloatVector b0 = FloatVector.fromArray(FLOATS, sums, sum + column + WIDTH);
        for (int k = 0; k < count; k++) {
            FloatVector a = FloatVector.fromArray(FLOATS, weights, k * COLUMNS + column);
            FloatVector b = FloatVector.fromArray(FLOATS, weights, k * COLUMNS + column + WIDTH);
            FloatVector f0 = FloatVector.broadcast(FLOATS, x[from + k]);
            a0 = f0.fma(a, a0);
            b0 = f0.fma(b, b0);
        }
        a0.intoArray(sums, sum + column);
        b0.intoArray(sums, sum + column + WIDTH);
    }

    static void rows4(float[] weights, int count, int column, float[] x, int from, float[] sums, int sum) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sum + column);
        FloatVector b0 = FloatVector.fromArray(FLOATS, sums, sum + column + WIDTH);
        FloatVector a1 = FloatVector.fromArray(FLOATS, sums, sum + SUMS + column);
        FloatVector b1 = FloatVector.fromArray(FLOATS, sums, sum + SUMS + column + WIDTH);
        FloatVector a2 = FloatVector.fromArray(FLOATS, sums, sum + 2 * SUMS + column);
        FloatVector b2 = FloatVector.fromArray(FLOATS, sums, sum + 2 * SUMS + column + WIDTH);
        FloatVector a3 = FloatVector.fromArray(FLOATS, sums, sum + 3 * SUMS + column);
        FloatVector b3 = FloatVector.fromArray(FLOATS, sums, sum + 3 * SUMS + column + WIDTH);
        for (int k = 0; k < count; k++) {
            FloatVector a = FloatVector.fromArray(FLOATS, weights, k * COLUMNS + column);
            FloatVector b = FloatVector.fromArray(FLOATS, weights, k * COLUMNS + column + WIDTH);
            FloatVector f0 = FloatVector.broadcast(FLOATS, x[from + k * 4]);
            a0 = f0.fma(a, a0);
            b0 = f0.fma(b, b0);
            FloatVector f1 = FloatVector.broadcast(FLOATS, x[from + k * 4 + 1]);
            a1 = f1.fma(a, a1);
            b1 = f1.fma(b, b1);
            FloatVector f2 = FloatVector.broadcast(FLOATS, x[from + k * 4 + 2]);
            a2 = f2.fma(a, a2);
            b2 = f2.fma(b, b2);
            FloatVector f3 = FloatVector.broadcast(FLOATS, x[from + k * 4 + 3]);
            a3 = f3.fma(a, a3);
            b3 = f3.fma(b, b3);
        }
        a0.intoArray(sums, sum + column);
        b0.intoArray(sums, sum + column + WIDTH);
        a1.intoArray(sums, sum + SUMS + column);
        b1.intoArray(sums, sum + SUMS + column + WIDTH);
        a2.intoArray(sums, sum + 2 * SUMS + column);
        b2.intoArray(sums, sum + 2 * SUMS + column + WIDTH);
        a3.intoArray(sums, sum + 3 * SUMS + column);
        b3.intoArray(sums, sum + 3 * SUMS + column + WIDTH);
    }

    static void rows8(float[] weights, int count, int column, float[] x, int from, float[] sums, int sum) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sum + column);
        FloatVector b0 = FloatVector.fromArray(FLOATS, sums, sum + column + WIDTH);
        FloatVector a1 = FloatVector.fromArray(FLOATS, sums, sum + SUMS + column);
        FloatVector b1 = FloatVector.fromArray(FLOATS, sums, sum + SUMS + column + WIDTH);
        FloatVector a2 = FloatVector.fromArray(FLOATS, sums, sum + 2 * SUMS + column);
        FloatVector b2 = FloatVector.fromArray(FLOATS, sums, sum + 2 * SUMS + column + WIDTH);
        FloatVector a3 = FloatVector.fromArray(FLOATS, sums, sum + 3 * SUMS + column);
        FloatVector b3 = FloatVector.fromArray(FLOATS, sums, sum + 3 * SUMS + column + WIDTH);
        FloatVector a4 = FloatVector.fromArray(FLOATS, sums, sum + 4 * SUMS + column);
        FloatVector b4 = FloatVector.fromArray(FLOATS, sums, sum + 4 * SUMS + column + WIDTH);
        FloatVector a5 = FloatVector.fromArray(FLOATS, sums, sum + 5 * SUMS + column);
        FloatVector b5 = FloatVector.fromArray(FLOATS, sums, sum + 5 * SUMS + column + WIDTH);
        FloatVector a6 = FloatVector.fromArray(FLOATS, sums, sum + 6 * SUMS + column);
        FloatVector b6 = FloatVector.fromArray(FLOATS, sums, sum + 6 * SUMS + column + WIDTH);
        FloatVector a7 = FloatVector.fromArray(FLOATS, sums, sum + 7 * SUMS + column);
        FloatVector b7 = FloatVector.fromArray(FLOATS, sums, sum + 7 * SUMS + column + WIDTH);
        for (int k = 0; k < count; k++) {
            FloatVector a = FloatVector.fromArray(FLOATS, weights, k * COLUMNS + column);
            FloatVector b = FloatVector.fromArray(FLOATS, weights, k * COLUMNS + column + WIDTH);
            FloatVector f0 = FloatVector.broadcast(FLOATS, x[from + k * 8]);
            a0 = f0.fma(a, a0);
            b0 = f0.fma(b, b0);
            FloatVector f1 = FloatVector.broadcast(FLOATS, x[from + k * 8 + 1]);
            a1 = f1.fma(a, a1);
            b1 = f1.fma(b, b1);
            FloatVector f2 = FloatVector.broadcast(FLOATS, x[from + k * 8 + 2]);
            a2 = f2.fma(a, a2);
            b2 = f2.fma(b, b2);
            FloatVector f3 = FloatVector.broadcast(FLOATS, x[from + k * 8 + 3]);
            a3 = f3.fma(a, a3);
            b3 = f3.fma(b, b3);
            FloatVector f4 = FloatVector.broadcast(FLOATS, x[from + k * 8 + 4]);
            a4 = f4.fma(a, a4);
            b4 = f4.fma(b, b4);
            FloatVector f5 = FloatVector.broadcast(FLOATS, x[from + k * 8 + 5]);
            a5 = f5.fma(a, a5);
            b5 = f5.fma(b, b5);
            FloatVector f6 = FloatVector.broadcast(FLOATS, x[from + k * 8 + 6]);
            a6 = f6.fma(a, a6);
            b6 = f6.fma(b, b6);
            FloatVector f7 = FloatVector.broadcast(FLOATS, x[from + k * 8 + 7]);
            a7 = f7.fma(a, a7);
            b7 = f7.fma(b, b7);
        }
        a0.intoArray(sums, sum + column);
        b0.intoArray(sums, sum + column + WIDTH);
        a1.intoArray(sums, sum + SUMS + column);
        b1.intoArray(sums, sum + SUMS + column + WIDTH);
        a2.intoArray(sums, sum + 2 * SUMS + column);
        b2.intoArray(sums, sum + 2 * SUMS + column + WIDTH);
        a3.intoArray(sums, sum + 3 * SUMS + column);
        b3.intoArray(sums, sum + 3 * SUMS + column + WIDTH);
        a4.intoArray(sums, sum + 4 * SUMS + column);
        b4.intoArray(sums, sum + 4 * SUMS + column + WIDTH);
        a5.intoArray(sums, sum + 5 * SUMS + column);
        b5.intoArray(sums, sum + 5 * SUMS + column + WIDTH);
        a6.intoArray(sums, sum + 6 * SUMS + column);
        b6.intoArray(sums, sum + 6 * SUMS + column + WIDTH);
        a7.intoArray(sums, sum + 7 * SUMS + column);
        b7.intoArray(sums, sum + 7 * SUMS + column + WIDTH);
    }

    static void rows12(float[] weights, int count, int column, float[] x, int from, float[] sums, int sum) {
        FloatVector a0 = FloatVector.fromArray(FLOATS, sums, sum + column);
        FloatVector b0 = FloatVector.fromArray(FLOATS, sums, sum + column + WIDTH);
        FloatVector a1 = FloatVector.fromArray(FLOATS, sums, sum + SUMS + column);
        FloatVector b1 = FloatVector.fromArray(FLOATS, sums, sum + SUMS + column + WIDTH);
        FloatVector a2 = FloatVector.fromArray(FLOATS, sums, sum + 2 * SUMS + column);
        FloatVector b2 = FloatVector.fromArray(FLOATS, sums, sum + 2 * SUMS + column + WIDTH);
        FloatVector a3 = FloatVector.fromArray(FLOATS, sums, sum + 3 * SUMS + column);
        FloatVector b3 = FloatVector.fromArray(FLOATS, sums, sum + 3 * SUMS + column + WIDTH);
        FloatVector a4 = FloatVector.fromArray(FLOATS, sums, sum + 4 * SUMS + column);
        FloatVector b4 = FloatVector.fromArray(FLOATS, sums, sum + 4 * SUMS + column + WIDTH);
        FloatVector a5 = FloatVector.fromArray(FLOATS, sums, sum + 5 * SUMS + column);
        FloatVector b5 = FloatVector.fromArray(FLOATS, sums, sum + 5 * SUMS + column + WIDTH);
        FloatVector a6 = FloatVector.fromArray(FLOATS, sums, sum + 6 * SUMS + column);
        FloatVector b6 = FloatVector.fromArray(FLOATS, sums, sum + 6 * SUMS + column + WIDTH);
        FloatVector a7 = FloatVector.fromArray(FLOATS, sums, sum + 7 * SUMS + column);
        FloatVector b7 = FloatVector.fromArray(FLOATS, sums, sum + 7 * SUMS + column + WIDTH);
        FloatVector a8 = FloatVector.fromArray(FLOATS, sums, sum + 8 * SUMS + column);
        FloatVector b8 = FloatVector.fromArray(FLOATS, sums, sum + 8 * SUMS + column + WIDTH);
        FloatVector a9 = FloatVector.fromArray(FLOATS, sums, sum + 9 * SUMS + column);
        FloatVector b9 = FloatVector.fromArray(FLOATS, sums, sum + 9 * SUMS + column + WIDTH);
        FloatVector a10 = FloatVector.fromArray(FLOATS, sums, sum + 10 * SUMS + column);
        FloatVector b10 = FloatVector.fromArray(FLOATS, sums, sum + 10 * SUMS + column + WIDTH);
        FloatVector a11 = FloatVector.fromArray(FLOATS, sums, sum + 11 * SUMS + column);
        FloatVector b11 = FloatVector.fromArray(FLOATS, sums, sum + 11 * SUMS + column + WIDTH);
        for (int k = 0; k < count; k++) {
            FloatVector a = FloatVector.fromArray(FLOATS, weights, k * COLUMNS + column);
            FloatVector b = FloatVector.fromArray(FLOATS, weights, k * COLUMNS + column + WIDTH);
            FloatVector f0 = FloatVector.broadcast(FLOATS, x[from + k * 12]);
            a0 = f0.fma(a, a0);
            b0 = f0.fma(b, b0);
            FloatVector f1 = FloatVector.broadcast(FLOATS, x[from + k * 12 + 1]);
            a1 = f1.fma(a, a1);
            b1 = f1.fma(b, b1);
            FloatVector f2 = FloatVector.broadcast(FLOATS, x[from + k * 12 + 2]);
            a2 = f2.fma(a, a2);
            b2 = f2.fma(b, b2);
            FloatVector f3 = FloatVector.broadcast(FLOATS, x[from + k * 12 + 3]);
            a3 = f3.fma(a, a3);
            b3 = f3.fma(b, b3);
            FloatVector f4 = FloatVector.broadcast(FLOATS, x[from + k * 12 + 4]);
            a4 = f4.fma(a, a4);
            b4 = f4.fma(b, b4);
            FloatVector f5 = FloatVector.broadcast(FLOATS, x[from + k * 12 + 5]);
            a5 = f5.fma(a, a5);
            b5 = f5.fma(b, b5);
            FloatVector f6 = FloatVector.broadcast(FLOATS, x[from + k * 12 + 6]);
            a6 = f6.fma(a, a6);
            b6 = f6.fma(b, b6);
            FloatVector f7 = FloatVector.broadcast(FLOATS, x[from + k * 12 + 7]);
            a7 = f7.fma(a, a7);
            b7 = f7.fma(b, b7);
            FloatVector f8 = FloatVector.broadcast(FLOATS, x[from + k * 12 + 8]);
            a8 = f8.fma(a, a8);
            b8 = f8.fma(b, b8);
            FloatVector f9 = FloatVector.broadcast(FLOATS, x[from + k * 12 + 9]);
            a9 = f9.fma(a, a9);
            b9 = f9.fma(b, b9);
            FloatVector f10 = FloatVector.broadcast(FLOATS, x[from + k * 12 + 10]);
            a10 = f10.fma(a, a10);
            b10 = f10.fma(b, b10);
            FloatVector f11 = FloatVector.broadcast(FLOATS, x[from + k * 12 + 11]);
            a11 = f11.fma(a, a11);
            b11 = f11.fma(b, b11);
        }
        a0.intoArray(sums, sum + column);
        b0.intoArray(sums, sum + column + WIDTH);
        a1.intoArray(sums, sum + SUMS + column);
        b1.intoArray(sums, sum + SUMS + column + WIDTH);
        a2.intoArray(sums, sum + 2 * SUMS + column);
        b2.intoArray(sums, sum + 2 * SUMS + column + WIDTH);
        a3.intoArray(sums, sum + 3 * SUMS + column);
        b3.intoArray(sums, sum + 3 * SUMS + column + WIDTH);
        a4.intoArray(sums, sum + 4 * SUMS + column);
        b4.intoArray(sums, sum + 4 * SUMS + column + WIDTH);
        a5.intoArray(sums, sum + 5 * SUMS + column);
        b5.intoArray(sums, sum + 5 * SUMS + column + WIDTH);
        a6.intoArray(sums, sum + 6 * SUMS + column);
        b6.intoArray(sums, sum + 6 * SUMS + column + WIDTH);
        a7.intoArray(sums, sum + 7 * SUMS + column);
        b7.intoArray(sums, sum + 7 * SUMS + column + WIDTH);
        a8.intoArray(sums, sum + 8 * SUMS + column);
        b8.intoArray(sums, sum + 8 * SUMS + column + WIDTH);
        a9.intoArray(sums, sum + 9 * SUMS + column);
        b9.intoArray(sums, sum + 9 * SUMS + column + WIDTH);
        a10.intoArray(sums, sum + 10 * SUMS + column);
        b10.intoArray(sums, sum + 10 * SUMS + column + WIDTH);
        a11.intoArray(sums, sum + 11 * SUMS + column);
        b11.intoArray(sums, sum + 11 * SUMS + column + WIDTH);
    }
}
