package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.device.KeyValueCache;

/**
 * Keys and values of one block and one head lie together, keys with the 16 tokens innermost and values with the head's
 * values innermost, so that lanes are tokens while scores are computed and head values while values are summed: no sum
 * crosses lanes. Memory is taken in slabs of 64 blocks of one layer, when a slab is first written.
 */
abstract sealed class CpuKeyValueCache implements KeyValueCache permits Bfloat16Cache, Float32Cache {

    static final int SLAB_BLOCKS = 64;

    final int heads;
    final int size;
    private final int blocks;
    private final int slabsPerLayer;
    private final int layers;

    CpuKeyValueCache(int layers, int heads, int size, int blocks) {
        this.layers = layers;
        this.heads = heads;
        this.size = size;
        this.blocks = blocks;
        this.slabsPerLayer = (blocks + SLAB_BLOCKS - 1) / SLAB_BLOCKS;
    }

    static CpuKeyValueCache create(boolean bfloat16, int layers, int heads, int size, int blocks) {
        return bfloat16
                ? new Bfloat16Cache(layers, heads, size, blocks)
                : new Float32Cache(layers, heads, size, blocks);
    }

    @Override
    public int blocks() {
        return blocks;
    }

    int slabs() {
        return layers * slabsPerLayer;
    }

    int slab(int layer, int block) {
        return layer * slabsPerLayer + block / SLAB_BLOCKS;
    }

    /** Elements before a block's part for one head, given the elements that such a part takes. */
    int offset(int block, int head, int part) {
        return (block % SLAB_BLOCKS * heads + head) * part;
    }

    /** Copies one block's keys and values of every layer and head to another block. */
    final void copyBlock(int source, int target) {
        for (int layer = 0; layer < layers; layer++) {
            prepare(layer, target * BLOCK_TOKENS);
            copyBlock(layer, source, target);
        }
    }

    abstract void copyBlock(int layer, int source, int target);

    /** Makes sure that the slot can be written; not thread-safe, unlike the writes themselves. */
    abstract void prepare(int layer, int slot);

    /** Writes one token of one head. Different heads may be written by different threads. */
    abstract void put(int layer, int slot, int head, float[] key, int keyAt, float[] value, int valueAt);

    /** {@code scores[t] = query . key[t]} for the 16 tokens of a block, written or not. */
    abstract void scores(int layer, int block, int head, float[] query, int queryAt, float[] scores, int to);

    /** {@code out += sum(weights[t] * value[t])} over the first {@code tokens} of a block. */
    abstract void addValues(
            int layer, int block, int head, float[] weights, int weightsAt, int tokens, float[] out, int to);
}
