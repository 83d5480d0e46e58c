package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.INTS;
import static dev.saccade.runtime.device.cpu.Lanes.ORDER;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Products of a few rows with bf16 weights, straight from the panels of {@link PackedMatrix}: for decoding, where
 * reading the weights is what takes the time.
 *
 * <p>A kernel walks several panels side by side, because a core's prefetcher keeps only some 20 lines of each stream in
 * flight: four streams read a quarter faster than one. Sixteen sums, the weights and a factor fit the registers of
 * AVX-512; narrower machines spill some.
 *
 * <p>A kernel calls nothing but the Vector API: the compiler gives up on other methods in code of this size.
 *
 * <p>Lanes are outputs, so no sum crosses lanes: every output is {@code ((x0*w0) + x1*w1) + ...} in the order of the
 * inputs, by fused multiply-adds, in every kernel. {@code sums} holds (rows, 4 panels, 16) and is read and written, so
 * that a long sum can be made in parts.
 *
 * <p>Parameters of all kernels: {@code at} is the first panel's vector of the first input pair, {@code [from, to)} the
 * input pairs, {@code x0...} where each row begins in {@code x}, {@code sum} the first row's sum of the first panel.
 */
final class DecodeKernels {

    private static final int LANES = PackedMatrix.PANEL;

    /** Bytes of an input pair in a panel. */
    private static final long LINE = 4L * LANES;

    /** Upper half of each lane. */
    private static final int HIGH = 0xffff0000;

    private DecodeKernels() {}

    /** One row, four panels. */
    static void rows1(
            MemorySegment weights,
            long at,
            long panelBytes,
            int from,
            int to,
            float[] x,
            int x0,
            float[] sums,
            int sum) {
        long at1 = at + panelBytes;
        long at2 = at + 2 * panelBytes;
        long at3 = at + 3 * panelBytes;
        FloatVector a00 = FloatVector.fromArray(FLOATS, sums, sum);
        FloatVector a01 = FloatVector.fromArray(FLOATS, sums, sum + 1 * LANES);
        FloatVector a02 = FloatVector.fromArray(FLOATS, sums, sum + 2 * LANES);
        FloatVector a03 = FloatVector.fromArray(FLOATS, sums, sum + 3 * LANES);
        for (int i = from; i < to; i++) {
            long line = i * LINE;
            IntVector w0 = IntVector.fromMemorySegment(INTS, weights, at + line, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, weights, at1 + line, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(INTS, weights, at2 + line, ORDER);
            IntVector w3 = IntVector.fromMemorySegment(INTS, weights, at3 + line, ORDER);
            FloatVector low0 = w0.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector low1 = w1.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector low2 = w2.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector low3 = w3.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector even0 = FloatVector.broadcast(FLOATS, x[x0 + 2 * i]);
            a00 = even0.fma(low0, a00);
            a01 = even0.fma(low1, a01);
            a02 = even0.fma(low2, a02);
            a03 = even0.fma(low3, a03);
            FloatVector high0 = w0.and(HIGH).reinterpretAsFloats();
            FloatVector high1 = w1.and(HIGH).reinterpretAsFloats();
            FloatVector high2 = w2.and(HIGH).reinterpretAsFloats();
            FloatVector high3 = w3.and(HIGH).reinterpretAsFloats();
            FloatVector odd0 = FloatVector.broadcast(FLOATS, x[x0 + 2 * i + 1]);
            a00 = odd0.fma(high0, a00);
            a01 = odd0.fma(high1, a01);
            a02 = odd0.fma(high2, a02);
            a03 = odd0.fma(high3, a03);
        }
        a00.intoArray(sums, sum);
        a01.intoArray(sums, sum + 1 * LANES);
        a02.intoArray(sums, sum + 2 * LANES);
        a03.intoArray(sums, sum + 3 * LANES);
    }

    /** Two rows, four panels. */
    static void rows2(
            MemorySegment weights,
            long at,
            long panelBytes,
            int from,
            int to,
            float[] x,
            int x0,
            int x1,
            float[] sums,
            int sum) {
        long at1 = at + panelBytes;
        long at2 = at + 2 * panelBytes;
        long at3 = at + 3 * panelBytes;
        FloatVector a00 = FloatVector.fromArray(FLOATS, sums, sum);
        FloatVector a01 = FloatVector.fromArray(FLOATS, sums, sum + 1 * LANES);
        FloatVector a02 = FloatVector.fromArray(FLOATS, sums, sum + 2 * LANES);
        FloatVector a03 = FloatVector.fromArray(FLOATS, sums, sum + 3 * LANES);
        FloatVector a10 = FloatVector.fromArray(FLOATS, sums, sum + 4 * LANES);
        FloatVector a11 = FloatVector.fromArray(FLOATS, sums, sum + 5 * LANES);
        FloatVector a12 = FloatVector.fromArray(FLOATS, sums, sum + 6 * LANES);
        FloatVector a13 = FloatVector.fromArray(FLOATS, sums, sum + 7 * LANES);
        for (int i = from; i < to; i++) {
            long line = i * LINE;
            IntVector w0 = IntVector.fromMemorySegment(INTS, weights, at + line, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, weights, at1 + line, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(INTS, weights, at2 + line, ORDER);
            IntVector w3 = IntVector.fromMemorySegment(INTS, weights, at3 + line, ORDER);
            FloatVector low0 = w0.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector low1 = w1.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector low2 = w2.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector low3 = w3.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector even0 = FloatVector.broadcast(FLOATS, x[x0 + 2 * i]);
            a00 = even0.fma(low0, a00);
            a01 = even0.fma(low1, a01);
            a02 = even0.fma(low2, a02);
            a03 = even0.fma(low3, a03);
            FloatVector even1 = FloatVector.broadcast(FLOATS, x[x1 + 2 * i]);
            a10 = even1.fma(low0, a10);
            a11 = even1.fma(low1, a11);
            a12 = even1.fma(low2, a12);
            a13 = even1.fma(low3, a13);
            FloatVector high0 = w0.and(HIGH).reinterpretAsFloats();
            FloatVector high1 = w1.and(HIGH).reinterpretAsFloats();
            FloatVector high2 = w2.and(HIGH).reinterpretAsFloats();
            FloatVector high3 = w3.and(HIGH).reinterpretAsFloats();
            FloatVector odd0 = FloatVector.broadcast(FLOATS, x[x0 + 2 * i + 1]);
            a00 = odd0.fma(high0, a00);
            a01 = odd0.fma(high1, a01);
            a02 = odd0.fma(high2, a02);
            a03 = odd0.fma(high3, a03);
            FloatVector odd1 = FloatVector.broadcast(FLOATS, x[x1 + 2 * i + 1]);
            a10 = odd1.fma(high0, a10);
            a11 = odd1.fma(high1, a11);
            a12 = odd1.fma(high2, a12);
            a13 = odd1.fma(high3, a13);
        }
        a00.intoArray(sums, sum);
        a01.intoArray(sums, sum + 1 * LANES);
        a02.intoArray(sums, sum + 2 * LANES);
        a03.intoArray(sums, sum + 3 * LANES);
        a10.intoArray(sums, sum + 4 * LANES);
        a11.intoArray(sums, sum + 5 * LANES);
        a12.intoArray(sums, sum + 6 * LANES);
        a13.intoArray(sums, sum + 7 * LANES);
    }

    /** Four rows, four panels. */
    static void rows4(
            MemorySegment weights,
            long at,
            long panelBytes,
            int from,
            int to,
            float[] x,
            int x0,
            int x1,
            int x2,
            int x3,
            float[] sums,
            int sum) {
        long at1 = at + panelBytes;
        long at2 = at + 2 * panelBytes;
        long at3 = at + 3 * panelBytes;
        FloatVector a00 = FloatVector.fromArray(FLOATS, sums, sum);
        FloatVector a01 = FloatVector.fromArray(FLOATS, sums, sum + 1 * LANES);
        FloatVector a02 = FloatVector.fromArray(FLOATS, sums, sum + 2 * LANES);
        FloatVector a03 = FloatVector.fromArray(FLOATS, sums, sum + 3 * LANES);
        FloatVector a10 = FloatVector.fromArray(FLOATS, sums, sum + 4 * LANES);
        FloatVector a11 = FloatVector.fromArray(FLOATS, sums, sum + 5 * LANES);
        FloatVector a12 = FloatVector.fromArray(FLOATS, sums, sum + 6 * LANES);
        FloatVector a13 = FloatVector.fromArray(FLOATS, sums, sum + 7 * LANES);
        FloatVector a20 = FloatVector.fromArray(FLOATS, sums, sum + 8 * LANES);
        FloatVector a21 = FloatVector.fromArray(FLOATS, sums, sum + 9 * LANES);
        FloatVector a22 = FloatVector.fromArray(FLOATS, sums, sum + 10 * LANES);
        FloatVector a23 = FloatVector.fromArray(FLOATS, sums, sum + 11 * LANES);
        FloatVector a30 = FloatVector.fromArray(FLOATS, sums, sum + 12 * LANES);
        FloatVector a31 = FloatVector.fromArray(FLOATS, sums, sum + 13 * LANES);
        FloatVector a32 = FloatVector.fromArray(FLOATS, sums, sum + 14 * LANES);
        FloatVector a33 = FloatVector.fromArray(FLOATS, sums, sum + 15 * LANES);
        for (int i = from; i < to; i++) {
            long line = i * LINE;
            IntVector w0 = IntVector.fromMemorySegment(INTS, weights, at + line, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, weights, at1 + line, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(INTS, weights, at2 + line, ORDER);
            IntVector w3 = IntVector.fromMemorySegment(INTS, weights, at3 + line, ORDER);
            FloatVector low0 = w0.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector low1 = w1.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector low2 = w2.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector low3 = w3.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector even0 = FloatVector.broadcast(FLOATS, x[x0 + 2 * i]);
            a00 = even0.fma(low0, a00);
            a01 = even0.fma(low1, a01);
            a02 = even0.fma(low2, a02);
            a03 = even0.fma(low3, a03);
            FloatVector even1 = FloatVector.broadcast(FLOATS, x[x1 + 2 * i]);
            a10 = even1.fma(low0, a10);
            a11 = even1.fma(low1, a11);
            a12 = even1.fma(low2, a12);
            a13 = even1.fma(low3, a13);
            FloatVector even2 = FloatVector.broadcast(FLOATS, x[x2 + 2 * i]);
            a20 = even2.fma(low0, a20);
            a21 = even2.fma(low1, a21);
            a22 = even2.fma(low2, a22);
            a23 = even2.fma(low3, a23);
            FloatVector even3 = FloatVector.broadcast(FLOATS, x[x3 + 2 * i]);
            a30 = even3.fma(low0, a30);
            a31 = even3.fma(low1, a31);
            a32 = even3.fma(low2, a32);
            a33 = even3.fma(low3, a33);
            FloatVector high0 = w0.and(HIGH).reinterpretAsFloats();
            FloatVector high1 = w1.and(HIGH).reinterpretAsFloats();
            FloatVector high2 = w2.and(HIGH).reinterpretAsFloats();
            FloatVector high3 = w3.and(HIGH).reinterpretAsFloats();
            FloatVector odd0 = FloatVector.broadcast(FLOATS, x[x0 + 2 * i + 1]);
            a00 = odd0.fma(high0, a00);
            a01 = odd0.fma(high1, a01);
            a02 = odd0.fma(high2, a02);
            a03 = odd0.fma(high3, a03);
            FloatVector odd1 = FloatVector.broadcast(FLOATS, x[x1 + 2 * i + 1]);
            a10 = odd1.fma(high0, a10);
            a11 = odd1.fma(high1, a11);
            a12 = odd1.fma(high2, a12);
            a13 = odd1.fma(high3, a13);
            FloatVector odd2 = FloatVector.broadcast(FLOATS, x[x2 + 2 * i + 1]);
            a20 = odd2.fma(high0, a20);
            a21 = odd2.fma(high1, a21);
            a22 = odd2.fma(high2, a22);
            a23 = odd2.fma(high3, a23);
            FloatVector odd3 = FloatVector.broadcast(FLOATS, x[x3 + 2 * i + 1]);
            a30 = odd3.fma(high0, a30);
            a31 = odd3.fma(high1, a31);
            a32 = odd3.fma(high2, a32);
            a33 = odd3.fma(high3, a33);
        }
        a00.intoArray(sums, sum);
        a01.intoArray(sums, sum + 1 * LANES);
        a02.intoArray(sums, sum + 2 * LANES);
        a03.intoArray(sums, sum + 3 * LANES);
        a10.intoArray(sums, sum + 4 * LANES);
        a11.intoArray(sums, sum + 5 * LANES);
        a12.intoArray(sums, sum + 6 * LANES);
        a13.intoArray(sums, sum + 7 * LANES);
        a20.intoArray(sums, sum + 8 * LANES);
        a21.intoArray(sums, sum + 9 * LANES);
        a22.intoArray(sums, sum + 10 * LANES);
        a23.intoArray(sums, sum + 11 * LANES);
        a30.intoArray(sums, sum + 12 * LANES);
        a31.intoArray(sums, sum + 13 * LANES);
        a32.intoArray(sums, sum + 14 * LANES);
        a33.intoArray(sums, sum + 15 * LANES);
    }

    /** Eight rows, two panels. */
    static void rows8(
            MemorySegment weights,
            long at,
            long panelBytes,
            int from,
            int to,
            float[] x,
            int x0,
            int x1,
            int x2,
            int x3,
            int x4,
            int x5,
            int x6,
            int x7,
            float[] sums,
            int sum) {
        long at1 = at + panelBytes;
        FloatVector a00 = FloatVector.fromArray(FLOATS, sums, sum);
        FloatVector a01 = FloatVector.fromArray(FLOATS, sums, sum + 1 * LANES);
        FloatVector a10 = FloatVector.fromArray(FLOATS, sums, sum + 4 * LANES);
        FloatVector a11 = FloatVector.fromArray(FLOATS, sums, sum + 5 * LANES);
        FloatVector a20 = FloatVector.fromArray(FLOATS, sums, sum + 8 * LANES);
        FloatVector a21 = FloatVector.fromArray(FLOATS, sums, sum + 9 * LANES);
        FloatVector a30 = FloatVector.fromArray(FLOATS, sums, sum + 12 * LANES);
        FloatVector a31 = FloatVector.fromArray(FLOATS, sums, sum + 13 * LANES);
        FloatVector a40 = FloatVector.fromArray(FLOATS, sums, sum + 16 * LANES);
        FloatVector a41 = FloatVector.fromArray(FLOATS, sums, sum + 17 * LANES);
        FloatVector a50 = FloatVector.fromArray(FLOATS, sums, sum + 20 * LANES);
        FloatVector a51 = FloatVector.fromArray(FLOATS, sums, sum + 21 * LANES);
        FloatVector a60 = FloatVector.fromArray(FLOATS, sums, sum + 24 * LANES);
        FloatVector a61 = FloatVector.fromArray(FLOATS, sums, sum + 25 * LANES);
        FloatVector a70 = FloatVector.fromArray(FLOATS, sums, sum + 28 * LANES);
        FloatVector a71 = FloatVector.fromArray(FLOATS, sums, sum + 29 * LANES);
        for (int i = from; i < to; i++) {
            long line = i * LINE;
            IntVector w0 = IntVector.fromMemorySegment(INTS, weights, at + line, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(INTS, weights, at1 + line, ORDER);
            FloatVector low0 = w0.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector low1 = w1.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector even0 = FloatVector.broadcast(FLOATS, x[x0 + 2 * i]);
            a00 = even0.fma(low0, a00);
            a01 = even0.fma(low1, a01);
            FloatVector even1 = FloatVector.broadcast(FLOATS, x[x1 + 2 * i]);
            a10 = even1.fma(low0, a10);
            a11 = even1.fma(low1, a11);
            FloatVector even2 = FloatVector.broadcast(FLOATS, x[x2 + 2 * i]);
            a20 = even2.fma(low0, a20);
            a21 = even2.fma(low1, a21);
            FloatVector even3 = FloatVector.broadcast(FLOATS, x[x3 + 2 * i]);
            a30 = even3.fma(low0, a30);
            a31 = even3.fma(low1, a31);
            FloatVector even4 = FloatVector.broadcast(FLOATS, x[x4 + 2 * i]);
            a40 = even4.fma(low0, a40);
            a41 = even4.fma(low1, a41);
            FloatVector even5 = FloatVector.broadcast(FLOATS, x[x5 + 2 * i]);
            a50 = even5.fma(low0, a50);
            a51 = even5.fma(low1, a51);
            FloatVector even6 = FloatVector.broadcast(FLOATS, x[x6 + 2 * i]);
            a60 = even6.fma(low0, a60);
            a61 = even6.fma(low1, a61);
            FloatVector even7 = FloatVector.broadcast(FLOATS, x[x7 + 2 * i]);
            a70 = even7.fma(low0, a70);
            a71 = even7.fma(low1, a71);
            FloatVector high0 = w0.and(HIGH).reinterpretAsFloats();
            FloatVector high1 = w1.and(HIGH).reinterpretAsFloats();
            FloatVector odd0 = FloatVector.broadcast(FLOATS, x[x0 + 2 * i + 1]);
            a00 = odd0.fma(high0, a00);
            a01 = odd0.fma(high1, a01);
            FloatVector odd1 = FloatVector.broadcast(FLOATS, x[x1 + 2 * i + 1]);
            a10 = odd1.fma(high0, a10);
            a11 = odd1.fma(high1, a11);
            FloatVector odd2 = FloatVector.broadcast(FLOATS, x[x2 + 2 * i + 1]);
            a20 = odd2.fma(high0, a20);
            a21 = odd2.fma(high1, a21);
            FloatVector odd3 = FloatVector.broadcast(FLOATS, x[x3 + 2 * i + 1]);
            a30 = odd3.fma(high0, a30);
            a31 = odd3.fma(high1, a31);
            FloatVector odd4 = FloatVector.broadcast(FLOATS, x[x4 + 2 * i + 1]);
            a40 = odd4.fma(high0, a40);
            a41 = odd4.fma(high1, a41);
            FloatVector odd5 = FloatVector.broadcast(FLOATS, x[x5 + 2 * i + 1]);
            a50 = odd5.fma(high0, a50);
            a51 = odd5.fma(high1, a51);
            FloatVector odd6 = FloatVector.broadcast(FLOATS, x[x6 + 2 * i + 1]);
            a60 = odd6.fma(high0, a60);
            a61 = odd6.fma(high1, a61);
            FloatVector odd7 = FloatVector.broadcast(FLOATS, x[x7 + 2 * i + 1]);
            a70 = odd7.fma(high0, a70);
            a71 = odd7.fma(high1, a71);
        }
        a00.intoArray(sums, sum);
        a01.intoArray(sums, sum + 1 * LANES);
        a10.intoArray(sums, sum + 4 * LANES);
        a11.intoArray(sums, sum + 5 * LANES);
        a20.intoArray(sums, sum + 8 * LANES);
        a21.intoArray(sums, sum + 9 * LANES);
        a30.intoArray(sums, sum + 12 * LANES);
        a31.intoArray(sums, sum + 13 * LANES);
        a40.intoArray(sums, sum + 16 * LANES);
        a41.intoArray(sums, sum + 17 * LANES);
        a50.intoArray(sums, sum + 20 * LANES);
        a51.intoArray(sums, sum + 21 * LANES);
        a60.intoArray(sums, sum + 24 * LANES);
        a61.intoArray(sums, sum + 25 * LANES);
        a70.intoArray(sums, sum + 28 * LANES);
        a71.intoArray(sums, sum + 29 * LANES);
    }

    /** Adds the last of an odd number of inputs to one row's sums of some panels. */
    static void lastInput(
            MemorySegment weights,
            long at,
            long panelBytes,
            int panels,
            int pair,
            float factor,
            float[] sums,
            int sum) {
        for (int panel = 0; panel < panels; panel++) {
            long line = at + panel * panelBytes + pair * LINE;
            FloatVector low = Lanes.low(IntVector.fromMemorySegment(INTS, weights, line, ORDER));
            int target = sum + panel * LANES;
            FloatVector.broadcast(FLOATS, factor)
                    .fma(low, FloatVector.fromArray(FLOATS, sums, target))
                    .intoArray(sums, target);
        }
    }
}
