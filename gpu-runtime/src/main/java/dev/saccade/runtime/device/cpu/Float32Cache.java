package dev.saccade.runtime.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Keys (size, 16) and values (16, size) of a block and head, in float32. */
final class Float32Cache extends CpuKeyValueCache {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final long KEY_LINE = 4L * BLOCK_TOKENS;

    private final long keyBytes;
    private final long valueLine;

    Float32Cache(Arena arena, int layers, int heads, int size, int blocks) {
        super(arena, layers, heads, size, blocks, partBytes(size));
        this.keyBytes = size * KEY_LINE;
        this.valueLine = 4L * paddedSize;
    }

    static long partBytes(int size) {
        return (size + padded(size)) * KEY_LINE;
    }

    @Override
    void put(int layer, int slot, int head, float[] key, int keyAt, float[] value, int valueAt) {
        int token = slot % BLOCK_TOKENS;
        long at = part(layer, slot / BLOCK_TOKENS, head);
        for (int d = 0; d < size; d++) {
            memory.set(FLOAT, at + d * KEY_LINE + 4L * token, key[keyAt + d]);
        }
        MemorySegment.copy(value, valueAt, memory, FLOAT, at + keyBytes + token * valueLine, size);
    }

    @Override
    void unpack(int layer, int block, int head, float[] keys, float[] values, int token) {
        long at = part(layer, block, head);
        for (int d = 0; d < size; d++) {
            MemorySegment.copy(memory, FLOAT, at + d * KEY_LINE, keys, d * AttentionTile.TOKENS + token, BLOCK_TOKENS);
        }
        for (int from = 0; from < paddedSize; from += AttentionTile.PANEL) {
            int panel = from * AttentionTile.TOKENS;
            int width = Math.min(AttentionTile.PANEL, paddedSize - from);
            for (int t = 0; t < BLOCK_TOKENS; t++) {
                long source = at + keyBytes + t * valueLine + 4L * from;
                int to = panel + (token + t) * AttentionTile.PANEL;
                MemorySegment.copy(memory, FLOAT, source, values, to, width);
            }
        }
    }
}
