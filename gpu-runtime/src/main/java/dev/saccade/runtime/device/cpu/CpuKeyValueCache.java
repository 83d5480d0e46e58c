package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.device.KeyValueCache;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Keys and values outside the heap, (layers, blocks, heads, part). A part holds the keys of a block and head with the 16
 * tokens innermost, then their values with the head's values innermost, so that lanes are tokens while scores are computed
 * and head values while values are summed: no sum crosses lanes. The system gives a page when it is first written.
 */
abstract sealed class CpuKeyValueCache implements KeyValueCache permits Bfloat16Cache, Float32Cache {

    /** Values of a head are padded to whole vectors of this many. */
    static final int LANES = 16;

    final int heads;
    final int size;
    final int paddedSize;
    final MemorySegment memory;
    private final int layers;
    private final int blocks;
    private final long partBytes;

    CpuKeyValueCache(Arena arena, int layers, int heads, int size, int blocks, long partBytes) {
        this.layers = layers;
        this.heads = heads;
        this.size = size;
        this.paddedSize = padded(size);
        this.blocks = blocks;
        this.partBytes = partBytes;
        this.memory = NativeMemory.allocate(
                arena,
                layers * (long) blocks * heads * partBytes,
                "a KV cache of " + blocks * (long) BLOCK_TOKENS + " tokens",
                "give the cache fewer tokens");
    }

    static CpuKeyValueCache create(Arena arena, boolean bfloat16, int layers, int heads, int size, int blocks) {
        return bfloat16
                ? new Bfloat16Cache(arena, layers, heads, size, blocks)
                : new Float32Cache(arena, layers, heads, size, blocks);
    }

    static int padded(int size) {
        return (size + LANES - 1) / LANES * LANES;
    }

    /** Bytes of one block of every layer. */
    static long blockBytes(boolean bfloat16, int layers, int heads, int size) {
        return layers * (long) heads * (bfloat16 ? Bfloat16Cache.partBytes(size) : Float32Cache.partBytes(size));
    }

    @Override
    public int blocks() {
        return blocks;
    }

    /** Where the part of a block and head begins. */
    final long part(int layer, int block, int head) {
        return ((layer * (long) blocks + block) * heads + head) * partBytes;
    }

    /** Copies one block's keys and values of every layer and head to another block. */
    final void copyBlock(int source, int target) {
        for (int layer = 0; layer < layers; layer++) {
            long bytes = heads * partBytes;
            MemorySegment.copy(memory, part(layer, source, 0), memory, part(layer, target, 0), bytes);
        }
    }

    /** Writes one token of one head. Different heads may be written by different threads. */
    abstract void put(int layer, int slot, int head, float[] key, int keyAt, float[] value, int valueAt);

    /**
     * Lays a block's keys and values out in float32 for attention.
     *
     * @param keys (size, 64 tokens), of which 16 tokens are written
     * @param values (panels, 64 tokens, 64), of which 16 tokens are written
     * @param token where the block's first token goes
     */
    abstract void unpack(int layer, int block, int head, float[] keys, float[] values, int token);
}
