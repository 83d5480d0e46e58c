package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.INTS;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Keys (size / 2, 16, 2) and values (8, size, 2) of a block and head in bf16: an int lane holds two neighbouring values
 * of one token's key, or one value of two neighbouring tokens.
 */
final class Bfloat16Cache extends CpuKeyValueCache {

    private final int[][] keys;
    private final int[][] values;
    private final int keyPart;
    private final int valuePart;

    Bfloat16Cache(int layers, int heads, int size, int blocks) {
        super(layers, heads, size, blocks);
        this.keyPart = (size + 1) / 2 * BLOCK_TOKENS;
        this.valuePart = BLOCK_TOKENS / 2 * size;
        this.keys = new int[slabs()][];
        this.values = new int[slabs()][];
    }

    @Override
    @SuppressWarnings("NullAway") // a slab is null until it is first written
    void prepare(int layer, int slot) {
        int slab = slab(layer, slot / BLOCK_TOKENS);
        if (keys[slab] == null) {
            int blocksHere = Math.min(SLAB_BLOCKS, blocks());
            keys[slab] = new int[blocksHere * heads * keyPart];
            values[slab] = new int[blocksHere * heads * valuePart];
        }
    }

    @Override
    void copyBlock(int layer, int source, int target) {
        int from = slab(layer, source);
        int to = slab(layer, target);
        System.arraycopy(keys[from], offset(source, 0, keyPart), keys[to], offset(target, 0, keyPart), heads * keyPart);
        System.arraycopy(
                values[from],
                offset(source, 0, valuePart),
                values[to],
                offset(target, 0, valuePart),
                heads * valuePart);
    }

    @Override
    void put(int layer, int slot, int head, float[] key, int keyAt, float[] value, int valueAt) {
        int block = slot / BLOCK_TOKENS;
        int token = slot % BLOCK_TOKENS;
        int[] k = keys[slab(layer, block)];
        int at = offset(block, head, keyPart);
        for (int d = 0; d < size; d += 2) {
            float second = d + 1 < size ? key[keyAt + d + 1] : 0;
            k[at + d / 2 * BLOCK_TOKENS + token] = Lanes.pair(key[keyAt + d], second);
        }
        int[] v = values[slab(layer, block)];
        at = offset(block, head, valuePart) + token / 2 * size;
        for (int d = 0; d < size; d++) {
            int rounded = Lanes.toBfloat16(value[valueAt + d]);
            v[at + d] = token % 2 == 0 ? (v[at + d] & 0xffff0000) | rounded : (v[at + d] & 0xffff) | (rounded << 16);
        }
    }

    @Override
    void scores(int layer, int block, int head, float[] query, int queryAt, float[] scores, int to) {
        int[] k = keys[slab(layer, block)];
        int at = offset(block, head, keyPart);
        for (int token = 0; token < BLOCK_TOKENS; token += WIDTH) {
            scores(k, at + token, size, query, queryAt).intoArray(scores, to + token);
        }
    }

    private static FloatVector scores(int[] k, int at, int size, float[] query, int queryAt) {
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = FloatVector.zero(FLOATS);
        int d = 0;
        for (; d + 1 < size; d += 2) {
            IntVector pairs = IntVector.fromArray(INTS, k, at + d / 2 * BLOCK_TOKENS);
            even = FloatVector.broadcast(FLOATS, query[queryAt + d]).fma(Lanes.low(pairs), even);
            odd = FloatVector.broadcast(FLOATS, query[queryAt + d + 1]).fma(Lanes.high(pairs), odd);
        }
        if (d < size) {
            IntVector pairs = IntVector.fromArray(INTS, k, at + d / 2 * BLOCK_TOKENS);
            even = FloatVector.broadcast(FLOATS, query[queryAt + d]).fma(Lanes.low(pairs), even);
        }
        return even.add(odd);
    }

    @Override
    void addValues(int layer, int block, int head, float[] weights, int weightsAt, int tokens, float[] out, int to) {
        int[] v = values[slab(layer, block)];
        int at = offset(block, head, valuePart);
        int d = 0;
        for (; d < FLOATS.loopBound(size); d += WIDTH) {
            FloatVector sum = FloatVector.fromArray(FLOATS, out, to + d);
            for (int token = 0; token < tokens; token += 2) {
                IntVector pairs = IntVector.fromArray(INTS, v, at + token / 2 * size + d);
                sum = FloatVector.broadcast(FLOATS, weights[weightsAt + token]).fma(Lanes.low(pairs), sum);
                if (token + 1 < tokens) {
                    sum = FloatVector.broadcast(FLOATS, weights[weightsAt + token + 1])
                            .fma(Lanes.high(pairs), sum);
                }
            }
            sum.intoArray(out, to + d);
        }
        if (d < size) {
            VectorMask<Float> rest = FLOATS.indexInRange(d, size);
            FloatVector sum = FloatVector.fromArray(FLOATS, out, to + d, rest);
            for (int token = 0; token < tokens; token += 2) {
                IntVector pairs = IntVector.fromArray(INTS, v, at + token / 2 * size + d, rest.cast(INTS));
                sum = FloatVector.broadcast(FLOATS, weights[weightsAt + token]).fma(Lanes.low(pairs), sum);
                if (token + 1 < tokens) {
                    sum = FloatVector.broadcast(FLOATS, weights[weightsAt + token + 1])
                            .fma(Lanes.high(pairs), sum);
                }
            }
            sum.intoArray(out, to + d, rest);
        }
    }
}
