package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.INTS;
import static dev.saccade.runtime.device.cpu.Lanes.ORDER;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Keys (size / 2, 16, 2) and values (8, size, 2) of a block and head in bf16: an int lane holds two neighbouring values
 * of one token's key, or one value of two neighbouring tokens.
 */
final class Bfloat16Cache extends CpuKeyValueCache {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final long KEY_LINE = 4L * BLOCK_TOKENS;

    private final long keyBytes;
    private final long valueLine;

    Bfloat16Cache(Arena arena, int layers, int heads, int size, int blocks) {
        super(arena, layers, heads, size, blocks, partBytes(size));
        this.keyBytes = keyBytes(size);
        this.valueLine = 4L * paddedSize;
    }

    static long partBytes(int size) {
        return keyBytes(size) + 4L * BLOCK_TOKENS / 2 * padded(size);
    }

    private static long keyBytes(int size) {
        return (size + 1) / 2 * KEY_LINE;
    }

    /** Where the values of a block and head begin. */
    long values(int layer, int block, int head) {
        return part(layer, block, head) + keyBytes;
    }

    @Override
    void put(int layer, int slot, int head, float[] key, int keyAt, float[] value, int valueAt) {
        int token = slot % BLOCK_TOKENS;
        long at = part(layer, slot / BLOCK_TOKENS, head);
        int d = 0;
        for (; d + 1 < size; d += 2) {
            int pair = Lanes.pair(key[keyAt + d], key[keyAt + d + 1]);
            memory.set(INT, at + d / 2 * KEY_LINE + 4L * token, pair);
        }
        if (d < size) {
            memory.set(INT, at + d / 2 * KEY_LINE + 4L * token, Lanes.pair(key[keyAt + d], 0));
        }
        putValue(at + keyBytes + token / 2 * valueLine, token % 2 == 0, value, valueAt);
    }

    private void putValue(long at, boolean even, float[] value, int valueAt) {
        int kept = even ? 0xffff0000 : 0x0000ffff;
        int d = 0;
        for (; d < FLOATS.loopBound(size); d += WIDTH) {
            IntVector rounded = Lanes.toBfloat16(FloatVector.fromArray(FLOATS, value, valueAt + d));
            IntVector placed = even ? rounded : rounded.lanewise(VectorOperators.LSHL, 16);
            IntVector both = IntVector.fromMemorySegment(INTS, memory, at + 4L * d, ORDER);
            both.and(kept).or(placed).intoMemorySegment(memory, at + 4L * d, ORDER);
        }
        for (; d < size; d++) {
            int rounded = Lanes.toBfloat16(value[valueAt + d]);
            int both = memory.get(INT, at + 4L * d) & kept;
            memory.set(INT, at + 4L * d, both | (even ? rounded : rounded << 16));
        }
    }

    @Override
    void unpack(int layer, int block, int head, float[] keys, float[] values, int token) {
        long at = part(layer, block, head);
        unpackKeys(at, keys, token);
        unpackValues(at + keyBytes, values, token);
    }

    private void unpackKeys(long at, float[] keys, int token) {
        int pairs = size / 2;
        for (int i = 0; i < pairs; i++) {
            for (int t = 0; t < BLOCK_TOKENS; t += WIDTH) {
                IntVector pair = IntVector.fromMemorySegment(INTS, memory, at + i * KEY_LINE + 4L * t, ORDER);
                Lanes.low(pair).intoArray(keys, 2 * i * AttentionTile.TOKENS + token + t);
                Lanes.high(pair).intoArray(keys, (2 * i + 1) * AttentionTile.TOKENS + token + t);
            }
        }
        if (size % 2 == 1) {
            for (int t = 0; t < BLOCK_TOKENS; t += WIDTH) {
                IntVector pair = IntVector.fromMemorySegment(INTS, memory, at + pairs * KEY_LINE + 4L * t, ORDER);
                Lanes.low(pair).intoArray(keys, 2 * pairs * AttentionTile.TOKENS + token + t);
            }
        }
    }

    private void unpackValues(long at, float[] values, int token) {
        for (int from = 0; from < paddedSize; from += AttentionTile.PANEL) {
            int panel = from * AttentionTile.TOKENS;
            int width = Math.min(AttentionTile.PANEL, paddedSize - from);
            for (int i = 0; i < BLOCK_TOKENS / 2; i++) {
                int to = panel + (token + 2 * i) * AttentionTile.PANEL;
                for (int d = 0; d < width; d += WIDTH) {
                    long source = at + i * valueLine + 4L * (from + d);
                    IntVector pair = IntVector.fromMemorySegment(INTS, memory, source, ORDER);
                    Lanes.low(pair).intoArray(values, to + d);
                    Lanes.high(pair).intoArray(values, to + AttentionTile.PANEL + d);
                }
            }
        }
    }
}
