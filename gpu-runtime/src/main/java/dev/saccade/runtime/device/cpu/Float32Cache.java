package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Keys (size, 16) and values (16, size) of a block and head, in float32. */
final class Float32Cache extends CpuKeyValueCache {

    private final float[][] keys;
    private final float[][] values;
    private final int part;

    Float32Cache(int layers, int heads, int size, int blocks) {
        super(layers, heads, size, blocks);
        this.part = size * BLOCK_TOKENS;
        this.keys = new float[slabs()][];
        this.values = new float[slabs()][];
    }

    @Override
    @SuppressWarnings("NullAway") // a slab is null until it is first written
    void prepare(int layer, int slot) {
        int slab = slab(layer, slot / BLOCK_TOKENS);
        if (keys[slab] == null) {
            int blocksHere = Math.min(SLAB_BLOCKS, blocks());
            keys[slab] = new float[blocksHere * heads * part];
            values[slab] = new float[blocksHere * heads * part];
        }
    }

    @Override
    void copyBlock(int layer, int source, int target) {
        int from = slab(layer, source);
        int to = slab(layer, target);
        System.arraycopy(keys[from], offset(source, 0, part), keys[to], offset(target, 0, part), heads * part);
        System.arraycopy(values[from], offset(source, 0, part), values[to], offset(target, 0, part), heads * part);
    }

    @Override
    void put(int layer, int slot, int head, float[] key, int keyAt, float[] value, int valueAt) {
        int block = slot / BLOCK_TOKENS;
        int token = slot % BLOCK_TOKENS;
        int at = offset(block, head, part);
        float[] k = keys[slab(layer, block)];
        for (int d = 0; d < size; d++) {
            k[at + d * BLOCK_TOKENS + token] = key[keyAt + d];
        }
        System.arraycopy(value, valueAt, values[slab(layer, block)], at + token * size, size);
    }

    @Override
    void scores(int layer, int block, int head, float[] query, int queryAt, float[] scores, int to) {
        float[] k = keys[slab(layer, block)];
        int at = offset(block, head, part);
        for (int token = 0; token < BLOCK_TOKENS; token += WIDTH) {
            scores(k, at + token, size, query, queryAt).intoArray(scores, to + token);
        }
    }

    private static FloatVector scores(float[] k, int at, int size, float[] query, int queryAt) {
        FloatVector even = FloatVector.zero(FLOATS);
        FloatVector odd = FloatVector.zero(FLOATS);
        int d = 0;
        for (; d + 1 < size; d += 2) {
            even = FloatVector.broadcast(FLOATS, query[queryAt + d])
                    .fma(FloatVector.fromArray(FLOATS, k, at + d * BLOCK_TOKENS), even);
            odd = FloatVector.broadcast(FLOATS, query[queryAt + d + 1])
                    .fma(FloatVector.fromArray(FLOATS, k, at + (d + 1) * BLOCK_TOKENS), odd);
        }
        if (d < size) {
            even = FloatVector.broadcast(FLOATS, query[queryAt + d])
                    .fma(FloatVector.fromArray(FLOATS, k, at + d * BLOCK_TOKENS), even);
        }
        return even.add(odd);
    }

    @Override
    void addValues(int layer, int block, int head, float[] weights, int weightsAt, int tokens, float[] out, int to) {
        float[] v = values[slab(layer, block)];
        int at = offset(block, head, part);
        int d = 0;
        for (; d < FLOATS.loopBound(size); d += WIDTH) {
            FloatVector sum = FloatVector.fromArray(FLOATS, out, to + d);
            for (int token = 0; token < tokens; token++) {
                sum = FloatVector.broadcast(FLOATS, weights[weightsAt + token])
                        .fma(FloatVector.fromArray(FLOATS, v, at + token * size + d), sum);
            }
            sum.intoArray(out, to + d);
        }
        if (d < size) {
            VectorMask<Float> rest = FLOATS.indexInRange(d, size);
            FloatVector sum = FloatVector.fromArray(FLOATS, out, to + d, rest);
            for (int token = 0; token < tokens; token++) {
                sum = FloatVector.broadcast(FLOATS, weights[weightsAt + token])
                        .fma(FloatVector.fromArray(FLOATS, v, at + token * size + d, rest), sum);
            }
            sum.intoArray(out, to + d, rest);
        }
    }
}
