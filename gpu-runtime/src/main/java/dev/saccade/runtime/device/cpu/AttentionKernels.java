package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Products of four rows with a small matrix in the first-level cache, for attention: {@code c = c * factor + a * b}, a
 * factor for each row. Lanes are columns, so no sum crosses lanes: every sum runs over the depth in order, by fused
 * multiply-adds, in both kernels.
 */
final class AttentionKernels {

    /** Rows that share each load of the matrix. */
    static final int ROWS = 4;

    /** Columns between one row of the matrix and the next, constant so that bounds are checked outside of the loop. */
    static final int STRIDE = 64;

    private AttentionKernels() {}

    /**
     * All columns that are wanted, rounded up to whole vectors.
     *
     * @param a (4, depth), a row every {@code aStride} values
     * @param b (depth, 64), of which {@code columns} are used
     * @param c (4, columns), a row every {@code cStride} values
     * @param factors (4)
     */
    static void multiply(
            float[] a,
            int aAt,
            int aStride,
            int depth,
            float[] b,
            int bAt,
            int columns,
            float[] c,
            int cAt,
            int cStride,
            float[] factors) {
        int column = 0;
        for (; column + 3 * WIDTH < columns; column += 4 * WIDTH) {
            fourVectors(a, aAt, aStride, depth, b, bAt + column, c, cAt + column, cStride, factors);
        }
        for (; column < columns; column += WIDTH) {
            oneVector(a, aAt, aStride, depth, b, bAt + column, c, cAt + column, cStride, factors);
        }
    }

    private static void oneVector(
            float[] a,
            int a0,
            int aStride,
            int depth,
            float[] b,
            int bAt,
            float[] c,
            int c0,
            int cStride,
            float[] factors) {
        int a1 = a0 + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        int c1 = c0 + cStride;
        int c2 = c1 + cStride;
        int c3 = c2 + cStride;
        FloatVector s0 = FloatVector.fromArray(FLOATS, c, c0).mul(factors[0]);
        FloatVector s1 = FloatVector.fromArray(FLOATS, c, c1).mul(factors[1]);
        FloatVector s2 = FloatVector.fromArray(FLOATS, c, c2).mul(factors[2]);
        FloatVector s3 = FloatVector.fromArray(FLOATS, c, c3).mul(factors[3]);
        for (int k = 0; k < depth; k++) {
            FloatVector v = FloatVector.fromArray(FLOATS, b, bAt + k * STRIDE);
            s0 = FloatVector.broadcast(FLOATS, a[a0 + k]).fma(v, s0);
            s1 = FloatVector.broadcast(FLOATS, a[a1 + k]).fma(v, s1);
            s2 = FloatVector.broadcast(FLOATS, a[a2 + k]).fma(v, s2);
            s3 = FloatVector.broadcast(FLOATS, a[a3 + k]).fma(v, s3);
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c1);
        s2.intoArray(c, c2);
        s3.intoArray(c, c3);
    }

    /** Sixteen sums, four loads and a factor: fits the registers of AVX-512. */
    private static void fourVectors(
            float[] a,
            int a0,
            int aStride,
            int depth,
            float[] b,
            int bAt,
            float[] c,
            int c0,
            int cStride,
            float[] factors) {
        int a1 = a0 + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        int c1 = c0 + cStride;
        int c2 = c1 + cStride;
        int c3 = c2 + cStride;
        FloatVector s00 = FloatVector.fromArray(FLOATS, c, c0).mul(factors[0]);
        FloatVector s01 = FloatVector.fromArray(FLOATS, c, c0 + WIDTH).mul(factors[0]);
        FloatVector s02 = FloatVector.fromArray(FLOATS, c, c0 + 2 * WIDTH).mul(factors[0]);
        FloatVector s03 = FloatVector.fromArray(FLOATS, c, c0 + 3 * WIDTH).mul(factors[0]);
        FloatVector s10 = FloatVector.fromArray(FLOATS, c, c1).mul(factors[1]);
        FloatVector s11 = FloatVector.fromArray(FLOATS, c, c1 + WIDTH).mul(factors[1]);
        FloatVector s12 = FloatVector.fromArray(FLOATS, c, c1 + 2 * WIDTH).mul(factors[1]);
        FloatVector s13 = FloatVector.fromArray(FLOATS, c, c1 + 3 * WIDTH).mul(factors[1]);
        FloatVector s20 = FloatVector.fromArray(FLOATS, c, c2).mul(factors[2]);
        FloatVector s21 = FloatVector.fromArray(FLOATS, c, c2 + WIDTH).mul(factors[2]);
        FloatVector s22 = FloatVector.fromArray(FLOATS, c, c2 + 2 * WIDTH).mul(factors[2]);
        FloatVector s23 = FloatVector.fromArray(FLOATS, c, c2 + 3 * WIDTH).mul(factors[2]);
        FloatVector s30 = FloatVector.fromArray(FLOATS, c, c3).mul(factors[3]);
        FloatVector s31 = FloatVector.fromArray(FLOATS, c, c3 + WIDTH).mul(factors[3]);
        FloatVector s32 = FloatVector.fromArray(FLOATS, c, c3 + 2 * WIDTH).mul(factors[3]);
        FloatVector s33 = FloatVector.fromArray(FLOATS, c, c3 + 3 * WIDTH).mul(factors[3]);
        for (int k = 0; k < depth; k++) {
            FloatVector v0 = FloatVector.fromArray(FLOATS, b, bAt + k * STRIDE);
            FloatVector v1 = FloatVector.fromArray(FLOATS, b, bAt + k * STRIDE + WIDTH);
            FloatVector v2 = FloatVector.fromArray(FLOATS, b, bAt + k * STRIDE + 2 * WIDTH);
            FloatVector v3 = FloatVector.fromArray(FLOATS, b, bAt + k * STRIDE + 3 * WIDTH);
            FloatVector f0 = FloatVector.broadcast(FLOATS, a[a0 + k]);
            s00 = f0.fma(v0, s00);
            s01 = f0.fma(v1, s01);
            s02 = f0.fma(v2, s02);
            s03 = f0.fma(v3, s03);
            FloatVector f1 = FloatVector.broadcast(FLOATS, a[a1 + k]);
            s10 = f1.fma(v0, s10);
            s11 = f1.fma(v1, s11);
            s12 = f1.fma(v2, s12);
            s13 = f1.fma(v3, s13);
            FloatVector f2 = FloatVector.broadcast(FLOATS, a[a2 + k]);
            s20 = f2.fma(v0, s20);
            s21 = f2.fma(v1, s21);
            s22 = f2.fma(v2, s22);
            s23 = f2.fma(v3, s23);
            FloatVector f3 = FloatVector.broadcast(FLOATS, a[a3 + k]);
            s30 = f3.fma(v0, s30);
            s31 = f3.fma(v1, s31);
            s32 = f3.fma(v2, s32);
            s33 = f3.fma(v3, s33);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + WIDTH);
        s02.intoArray(c, c0 + 2 * WIDTH);
        s03.intoArray(c, c0 + 3 * WIDTH);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + WIDTH);
        s12.intoArray(c, c1 + 2 * WIDTH);
        s13.intoArray(c, c1 + 3 * WIDTH);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + WIDTH);
        s22.intoArray(c, c2 + 2 * WIDTH);
        s23.intoArray(c, c2 + 3 * WIDTH);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + WIDTH);
        s32.intoArray(c, c3 + 2 * WIDTH);
        s33.intoArray(c, c3 + 3 * WIDTH);
    }
}
