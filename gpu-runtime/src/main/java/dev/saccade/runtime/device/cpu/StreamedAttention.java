package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.INTS;
import static dev.saccade.runtime.device.cpu.Lanes.ORDER;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import dev.saccade.runtime.device.KeyValueCache;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention of four queries straight from the blocks of a {@link Bfloat16Cache}, widened in registers: for the rows of
 * answers, where reading keys and values is what takes the time. Every sum runs in the order of {@link AttentionKernels},
 * so that both give the same bits.
 *
 * <p>Calls nothing but the Vector API: what the compiler doesn't inline would box every vector. Made for vectors of 16 lanes and heads of whole panels of 64 values.
 */
final class StreamedAttention {

    private static final long KEY_LINE = 4L * KeyValueCache.BLOCK_TOKENS;

    private StreamedAttention() {}

    static boolean serves(int size) {
        return WIDTH == KeyValueCache.BLOCK_TOKENS && size % AttentionTile.PANEL == 0;
    }

    /**
     * {@code scores = queries * keys} for four queries and the 64 tokens of four blocks.
     *
     * @param b0 where each block's keys begin; a block that the queries don't see may be any
     * @param queries (4, size) from {@code q0} on
     * @param scores (4, 64)
     */
    static void scores(
            MemorySegment memory,
            long b0,
            long b1,
            long b2,
            long b3,
            int size,
            float[] queries,
            int q0,
            float[] scores) {
        int q1 = q0 + size;
        int q2 = q1 + size;
        int q3 = q2 + size;
        FloatVector s00 = FloatVector.zero(FLOATS);
        FloatVector s01 = FloatVector.zero(FLOATS);
        FloatVector s02 = FloatVector.zero(FLOATS);
        FloatVector s03 = FloatVector.zero(FLOATS);
        FloatVector s10 = FloatVector.zero(FLOATS);
        FloatVector s11 = FloatVector.zero(FLOATS);
        FloatVector s12 = FloatVector.zero(FLOATS);
        FloatVector s13 = FloatVector.zero(FLOATS);
        FloatVector s20 = FloatVector.zero(FLOATS);
        FloatVector s21 = FloatVector.zero(FLOATS);
        FloatVector s22 = FloatVector.zero(FLOATS);
        FloatVector s23 = FloatVector.zero(FLOATS);
        FloatVector s30 = FloatVector.zero(FLOATS);
        FloatVector s31 = FloatVector.zero(FLOATS);
        FloatVector s32 = FloatVector.zero(FLOATS);
        FloatVector s33 = FloatVector.zero(FLOATS);
        for (int d = 0; d < size; d += 2) {
            long line = d * (KEY_LINE / 2);
            IntVector k0 = IntVector.fromMemorySegment(INTS, memory, b0 + line, ORDER);
            IntVector k1 = IntVector.fromMemorySegment(INTS, memory, b1 + line, ORDER);
            IntVector k2 = IntVector.fromMemorySegment(INTS, memory, b2 + line, ORDER);
            IntVector k3 = IntVector.fromMemorySegment(INTS, memory, b3 + line, ORDER);
            FloatVector low0 = k0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector low1 = k1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector low2 = k2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector low3 = k3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector lowFactor0 = FloatVector.broadcast(FLOATS, queries[q0 + d]);
            s00 = lowFactor0.fma(low0, s00);
            s01 = lowFactor0.fma(low1, s01);
            s02 = lowFactor0.fma(low2, s02);
            s03 = lowFactor0.fma(low3, s03);
            FloatVector lowFactor1 = FloatVector.broadcast(FLOATS, queries[q1 + d]);
            s10 = lowFactor1.fma(low0, s10);
            s11 = lowFactor1.fma(low1, s11);
            s12 = lowFactor1.fma(low2, s12);
            s13 = lowFactor1.fma(low3, s13);
            FloatVector lowFactor2 = FloatVector.broadcast(FLOATS, queries[q2 + d]);
            s20 = lowFactor2.fma(low0, s20);
            s21 = lowFactor2.fma(low1, s21);
            s22 = lowFactor2.fma(low2, s22);
            s23 = lowFactor2.fma(low3, s23);
            FloatVector lowFactor3 = FloatVector.broadcast(FLOATS, queries[q3 + d]);
            s30 = lowFactor3.fma(low0, s30);
            s31 = lowFactor3.fma(low1, s31);
            s32 = lowFactor3.fma(low2, s32);
            s33 = lowFactor3.fma(low3, s33);
            FloatVector high0 = k0.and(0xffff0000).reinterpretAsFloats();
            FloatVector high1 = k1.and(0xffff0000).reinterpretAsFloats();
            FloatVector high2 = k2.and(0xffff0000).reinterpretAsFloats();
            FloatVector high3 = k3.and(0xffff0000).reinterpretAsFloats();
            FloatVector highFactor0 = FloatVector.broadcast(FLOATS, queries[q0 + d + 1]);
            s00 = highFactor0.fma(high0, s00);
            s01 = highFactor0.fma(high1, s01);
            s02 = highFactor0.fma(high2, s02);
            s03 = highFactor0.fma(high3, s03);
            FloatVector highFactor1 = FloatVector.broadcast(FLOATS, queries[q1 + d + 1]);
            s10 = highFactor1.fma(high0, s10);
            s11 = highFactor1.fma(high1, s11);
            s12 = highFactor1.fma(high2, s12);
            s13 = highFactor1.fma(high3, s13);
            FloatVector highFactor2 = FloatVector.broadcast(FLOATS, queries[q2 + d + 1]);
            s20 = highFactor2.fma(high0, s20);
            s21 = highFactor2.fma(high1, s21);
            s22 = highFactor2.fma(high2, s22);
            s23 = highFactor2.fma(high3, s23);
            FloatVector highFactor3 = FloatVector.broadcast(FLOATS, queries[q3 + d + 1]);
            s30 = highFactor3.fma(high0, s30);
            s31 = highFactor3.fma(high1, s31);
            s32 = highFactor3.fma(high2, s32);
            s33 = highFactor3.fma(high3, s33);
        }
        s00.intoArray(scores, 0 * WIDTH);
        s01.intoArray(scores, 1 * WIDTH);
        s02.intoArray(scores, 2 * WIDTH);
        s03.intoArray(scores, 3 * WIDTH);
        s10.intoArray(scores, 4 * WIDTH);
        s11.intoArray(scores, 5 * WIDTH);
        s12.intoArray(scores, 6 * WIDTH);
        s13.intoArray(scores, 7 * WIDTH);
        s20.intoArray(scores, 8 * WIDTH);
        s21.intoArray(scores, 9 * WIDTH);
        s22.intoArray(scores, 10 * WIDTH);
        s23.intoArray(scores, 11 * WIDTH);
        s30.intoArray(scores, 12 * WIDTH);
        s31.intoArray(scores, 13 * WIDTH);
        s32.intoArray(scores, 14 * WIDTH);
        s33.intoArray(scores, 15 * WIDTH);
    }

    /**
     * {@code sums = sums * factor + weights * values} for four queries, 64 values of a head and some tokens of a block.
     *
     * @param at where the block's values begin, of this panel
     * @param line bytes of a pair of tokens
     * @param weights (4, 64), of which those from {@code w0} on are the block's
     * @param sums a query's sums every {@code stride} values
     * @param factors (4)
     */
    static void values(
            MemorySegment memory,
            long at,
            long line,
            int tokens,
            float[] weights,
            int w0,
            float[] sums,
            int sums0,
            int stride,
            float[] factors) {
        int w1 = w0 + AttentionTile.TOKENS;
        int w2 = w1 + AttentionTile.TOKENS;
        int w3 = w2 + AttentionTile.TOKENS;
        int sums1 = sums0 + stride;
        int sums2 = sums1 + stride;
        int sums3 = sums2 + stride;
        FloatVector s00 = FloatVector.fromArray(FLOATS, sums, sums0 + 0 * WIDTH).mul(factors[0]);
        FloatVector s01 = FloatVector.fromArray(FLOATS, sums, sums0 + 1 * WIDTH).mul(factors[0]);
        FloatVector s02 = FloatVector.fromArray(FLOATS, sums, sums0 + 2 * WIDTH).mul(factors[0]);
        FloatVector s03 = FloatVector.fromArray(FLOATS, sums, sums0 + 3 * WIDTH).mul(factors[0]);
        FloatVector s10 = FloatVector.fromArray(FLOATS, sums, sums1 + 0 * WIDTH).mul(factors[1]);
        FloatVector s11 = FloatVector.fromArray(FLOATS, sums, sums1 + 1 * WIDTH).mul(factors[1]);
        FloatVector s12 = FloatVector.fromArray(FLOATS, sums, sums1 + 2 * WIDTH).mul(factors[1]);
        FloatVector s13 = FloatVector.fromArray(FLOATS, sums, sums1 + 3 * WIDTH).mul(factors[1]);
        FloatVector s20 = FloatVector.fromArray(FLOATS, sums, sums2 + 0 * WIDTH).mul(factors[2]);
        FloatVector s21 = FloatVector.fromArray(FLOATS, sums, sums2 + 1 * WIDTH).mul(factors[2]);
        FloatVector s22 = FloatVector.fromArray(FLOATS, sums, sums2 + 2 * WIDTH).mul(factors[2]);
        FloatVector s23 = FloatVector.fromArray(FLOATS, sums, sums2 + 3 * WIDTH).mul(factors[2]);
        FloatVector s30 = FloatVector.fromArray(FLOATS, sums, sums3 + 0 * WIDTH).mul(factors[3]);
        FloatVector s31 = FloatVector.fromArray(FLOATS, sums, sums3 + 1 * WIDTH).mul(factors[3]);
        FloatVector s32 = FloatVector.fromArray(FLOATS, sums, sums3 + 2 * WIDTH).mul(factors[3]);
        FloatVector s33 = FloatVector.fromArray(FLOATS, sums, sums3 + 3 * WIDTH).mul(factors[3]);
        int pairs = tokens / 2;
        for (int i = 0; i < pairs; i++) {
            IntVector v0 = IntVector.fromMemorySegment(INTS, memory, at + i * line + 0, ORDER);
            IntVector v1 = IntVector.fromMemorySegment(INTS, memory, at + i * line + 64, ORDER);
            IntVector v2 = IntVector.fromMemorySegment(INTS, memory, at + i * line + 128, ORDER);
            IntVector v3 = IntVector.fromMemorySegment(INTS, memory, at + i * line + 192, ORDER);
            FloatVector low0 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector low1 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector low2 = v2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector low3 = v3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector lowWeight0 = FloatVector.broadcast(FLOATS, weights[w0 + 2 * i]);
            s00 = lowWeight0.fma(low0, s00);
            s01 = lowWeight0.fma(low1, s01);
            s02 = lowWeight0.fma(low2, s02);
            s03 = lowWeight0.fma(low3, s03);
            FloatVector lowWeight1 = FloatVector.broadcast(FLOATS, weights[w1 + 2 * i]);
            s10 = lowWeight1.fma(low0, s10);
            s11 = lowWeight1.fma(low1, s11);
            s12 = lowWeight1.fma(low2, s12);
            s13 = lowWeight1.fma(low3, s13);
            FloatVector lowWeight2 = FloatVector.broadcast(FLOATS, weights[w2 + 2 * i]);
            s20 = lowWeight2.fma(low0, s20);
            s21 = lowWeight2.fma(low1, s21);
            s22 = lowWeight2.fma(low2, s22);
            s23 = lowWeight2.fma(low3, s23);
            FloatVector lowWeight3 = FloatVector.broadcast(FLOATS, weights[w3 + 2 * i]);
            s30 = lowWeight3.fma(low0, s30);
            s31 = lowWeight3.fma(low1, s31);
            s32 = lowWeight3.fma(low2, s32);
            s33 = lowWeight3.fma(low3, s33);
            FloatVector high0 = v0.and(0xffff0000).reinterpretAsFloats();
            FloatVector high1 = v1.and(0xffff0000).reinterpretAsFloats();
            FloatVector high2 = v2.and(0xffff0000).reinterpretAsFloats();
            FloatVector high3 = v3.and(0xffff0000).reinterpretAsFloats();
            FloatVector highWeight0 = FloatVector.broadcast(FLOATS, weights[w0 + 2 * i + 1]);
            s00 = highWeight0.fma(high0, s00);
            s01 = highWeight0.fma(high1, s01);
            s02 = highWeight0.fma(high2, s02);
            s03 = highWeight0.fma(high3, s03);
            FloatVector highWeight1 = FloatVector.broadcast(FLOATS, weights[w1 + 2 * i + 1]);
            s10 = highWeight1.fma(high0, s10);
            s11 = highWeight1.fma(high1, s11);
            s12 = highWeight1.fma(high2, s12);
            s13 = highWeight1.fma(high3, s13);
            FloatVector highWeight2 = FloatVector.broadcast(FLOATS, weights[w2 + 2 * i + 1]);
            s20 = highWeight2.fma(high0, s20);
            s21 = highWeight2.fma(high1, s21);
            s22 = highWeight2.fma(high2, s22);
            s23 = highWeight2.fma(high3, s23);
            FloatVector highWeight3 = FloatVector.broadcast(FLOATS, weights[w3 + 2 * i + 1]);
            s30 = highWeight3.fma(high0, s30);
            s31 = highWeight3.fma(high1, s31);
            s32 = highWeight3.fma(high2, s32);
            s33 = highWeight3.fma(high3, s33);
        }
        if (tokens % 2 == 1) { // what stands beside the last token may be anything
            FloatVector last0 = IntVector.fromMemorySegment(INTS, memory, at + pairs * line + 0, ORDER)
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats();
            FloatVector last1 = IntVector.fromMemorySegment(INTS, memory, at + pairs * line + 64, ORDER)
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats();
            FloatVector last2 = IntVector.fromMemorySegment(INTS, memory, at + pairs * line + 128, ORDER)
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats();
            FloatVector last3 = IntVector.fromMemorySegment(INTS, memory, at + pairs * line + 192, ORDER)
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats();
            FloatVector lastWeight0 = FloatVector.broadcast(FLOATS, weights[w0 + tokens - 1]);
            s00 = lastWeight0.fma(last0, s00);
            s01 = lastWeight0.fma(last1, s01);
            s02 = lastWeight0.fma(last2, s02);
            s03 = lastWeight0.fma(last3, s03);
            FloatVector lastWeight1 = FloatVector.broadcast(FLOATS, weights[w1 + tokens - 1]);
            s10 = lastWeight1.fma(last0, s10);
            s11 = lastWeight1.fma(last1, s11);
            s12 = lastWeight1.fma(last2, s12);
            s13 = lastWeight1.fma(last3, s13);
            FloatVector lastWeight2 = FloatVector.broadcast(FLOATS, weights[w2 + tokens - 1]);
            s20 = lastWeight2.fma(last0, s20);
            s21 = lastWeight2.fma(last1, s21);
            s22 = lastWeight2.fma(last2, s22);
            s23 = lastWeight2.fma(last3, s23);
            FloatVector lastWeight3 = FloatVector.broadcast(FLOATS, weights[w3 + tokens - 1]);
            s30 = lastWeight3.fma(last0, s30);
            s31 = lastWeight3.fma(last1, s31);
            s32 = lastWeight3.fma(last2, s32);
            s33 = lastWeight3.fma(last3, s33);
        }
        s00.intoArray(sums, sums0 + 0 * WIDTH);
        s01.intoArray(sums, sums0 + 1 * WIDTH);
        s02.intoArray(sums, sums0 + 2 * WIDTH);
        s03.intoArray(sums, sums0 + 3 * WIDTH);
        s10.intoArray(sums, sums1 + 0 * WIDTH);
        s11.intoArray(sums, sums1 + 1 * WIDTH);
        s12.intoArray(sums, sums1 + 2 * WIDTH);
        s13.intoArray(sums, sums1 + 3 * WIDTH);
        s20.intoArray(sums, sums2 + 0 * WIDTH);
        s21.intoArray(sums, sums2 + 1 * WIDTH);
        s22.intoArray(sums, sums2 + 2 * WIDTH);
        s23.intoArray(sums, sums2 + 3 * WIDTH);
        s30.intoArray(sums, sums3 + 0 * WIDTH);
        s31.intoArray(sums, sums3 + 1 * WIDTH);
        s32.intoArray(sums, sums3 + 2 * WIDTH);
        s33.intoArray(sums, sums3 + 3 * WIDTH);
    }
}
