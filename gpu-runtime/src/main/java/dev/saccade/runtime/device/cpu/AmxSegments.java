package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_BYTES;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_INPUTS;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_ROWS;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_ROW_BYTES;
import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.ORDER;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import dev.saccade.runtime.device.Heads;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Keys and values of segments as {@link AmxKernels} read weights: for each head and each {@link #TOKENS} tokens of a segment,
 * keys {@code (tokens / 16, size / 32, 16 pairs of values, 16 tokens, 2)} and values
 * {@code (size / 16, tokens / 32, 16 pairs of tokens, 16 values, 2)}, bf16. What doesn't fill a tile is zero.
 */
final class AmxSegments {

    /** Tokens that are laid out together. */
    static final int TOKENS = 64;

    /** Bytes of a panel of values: its tokens are the steps. */
    static final int VALUE_PANEL_BYTES = TOKENS / TILE_INPUTS * TILE_BYTES;

    private final QueryTiles stretches = new QueryTiles();
    private MemorySegment memory = MemorySegment.NULL;
    private int[] firstOfRange = new int[16]; // first stretch of each segment
    private Heads heads = new Heads(1, 1, 1);
    private float[] qkv = {};
    private int qkvFrom;

    /** Cuts the segments and takes memory; then every item is to be laid out. */
    void begin(CpuBuffer qkv, Heads heads, int[] boundaries) {
        boolean other = this.heads.size() != heads.size();
        this.qkv = qkv.values();
        this.qkvFrom = qkv.offset();
        this.heads = heads;
        stretches.cut(boundaries, TOKENS);
        if (firstOfRange.length < boundaries.length) {
            firstOfRange = new int[boundaries.length];
        }
        for (int stretch = stretches.count() - 1; stretch >= 0; stretch--) {
            firstOfRange[stretches.range(stretch)] = stretch;
        }
        if (other || memory.byteSize() < items() * itemBytes()) {
            memory = Arena.ofAuto().allocate(items() * itemBytes(), 64); // zeros, where nothing is ever written
        }
    }

    int items() {
        return stretches.count() * heads.keyValue();
    }

    /** Address of the keys of a segment's tokens from {@code token} on, a multiple of {@link #TOKENS}. */
    long keys(int segment, int token, int head) {
        int stretch = firstOfRange[segment] + token / TOKENS;
        return memory.address() + ((long) stretch * heads.keyValue() + head) * itemBytes();
    }

    long values(int segment, int token, int head) {
        return keys(segment, token, head) + TOKENS / TILE_ROWS * keyPanelBytes();
    }

    /** Bytes of the keys of 16 tokens. */
    long keyPanelBytes() {
        return (long) steps(heads.size()) * TILE_BYTES;
    }

    /** Steps that a head's values take. */
    static int steps(int size) {
        return Math.ceilDiv(size, TILE_INPUTS);
    }

    private long itemBytes() {
        return TOKENS / TILE_ROWS * keyPanelBytes() + 2L * steps(heads.size()) * VALUE_PANEL_BYTES;
    }

    void layOut(int item) {
        int stretch = item / heads.keyValue();
        int head = item % heads.keyValue();
        int first = stretches.begin(stretch);
        int count = stretches.end(stretch) - first;
        long at = item * itemBytes();
        int key = qkvFrom + first * heads.rowWidth() + heads.keyOffset() + head * heads.size();
        for (int token = 0; token < count; token++) {
            long panel = at + token / TILE_ROWS * keyPanelBytes();
            layOutKey(key + token * heads.rowWidth(), panel + 4L * (token % TILE_ROWS));
        }
        long values = at + TOKENS / TILE_ROWS * keyPanelBytes();
        int value = qkvFrom + first * heads.rowWidth() + heads.valueOffset() + head * heads.size();
        for (int token = 0; token < TOKENS; token += 2) {
            long step = values + token / TILE_INPUTS * TILE_BYTES + token % TILE_INPUTS / 2 * TILE_ROW_BYTES;
            layOutValues(value + token * heads.rowWidth(), count - token, step);
        }
    }

    private void layOutKey(int from, long to) {
        int size = heads.size();
        for (int i = 0; i + 1 < size; i += 2) {
            memory.set(ValueLayout.JAVA_INT, to + i / 2 * TILE_ROW_BYTES, Lanes.pair(qkv[from + i], qkv[from + i + 1]));
        }
        if (size % 2 == 1) {
            memory.set(ValueLayout.JAVA_INT, to + size / 2 * TILE_ROW_BYTES, Lanes.pair(qkv[from + size - 1], 0));
        }
    }

    /** @param tokens that there are: of two none, one, or both are zeros */
    private void layOutValues(int from, int tokens, long to) {
        int size = heads.size();
        int width = heads.rowWidth();
        int i = 0;
        for (; tokens > 1 && i < FLOATS.loopBound(size); i += WIDTH) {
            IntVector low = Lanes.toBfloat16(FloatVector.fromArray(FLOATS, qkv, from + i));
            IntVector high = Lanes.toBfloat16(FloatVector.fromArray(FLOATS, qkv, from + width + i));
            low.or(high.lanewise(VectorOperators.LSHL, 16)).intoMemorySegment(memory, to + inPanels(i), ORDER);
        }
        for (; i < size; i++) {
            float low = tokens > 0 ? qkv[from + i] : 0;
            float high = tokens > 1 ? qkv[from + width + i] : 0;
            memory.set(ValueLayout.JAVA_INT, to + inPanels(i), Lanes.pair(low, high));
        }
    }

    private static long inPanels(int value) {
        return (long) (value / TILE_ROWS) * VALUE_PANEL_BYTES + 4L * (value % TILE_ROWS);
    }
}
