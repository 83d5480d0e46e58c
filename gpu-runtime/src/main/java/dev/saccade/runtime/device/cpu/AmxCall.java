package dev.saccade.runtime.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What one thread's calls of {@link AmxKernels} are told, at fixed places of a piece of memory. */
final class AmxCall {

    // bytes from the start; the sizes of the tiles take the first 64
    static final int WEIGHTS = 64;
    static final int PANEL_BYTES = 72;
    static final int ROWS = 80;
    static final int ROW_TILES_BYTES = 88;
    static final int BEGIN = 96;
    static final int BEGIN_STRIDE = 104;
    static final int BEGIN_BELOW = 112;
    static final int END_STRIDE = 120;
    static final int END_BELOW = 128;
    static final int STEPS = 136;
    static final int BLOCKS = 144;
    static final int END = 152;
    private static final int BYTES = 192;

    private static final int BYTES_OF_ROWS = 16;
    private static final int COUNTS_OF_ROWS = 48;
    private static final int TILES = 8;
    private static final int TILE_ROWS = 16;

    private final MemorySegment memory;

    AmxCall(Arena arena) {
        memory = arena.allocate(BYTES, 64);
        memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 1); // the palette of eight tiles
        for (int tile = 0; tile < TILES; tile++) {
            memory.set(ValueLayout.JAVA_SHORT, BYTES_OF_ROWS + 2L * tile, AmxKernels.TILE_ROW_BYTES);
            memory.set(ValueLayout.JAVA_BYTE, COUNTS_OF_ROWS + tile, (byte) TILE_ROWS);
        }
    }

    /** Sums and rows of the upper 16, and of the lower 16 where there are such, have so many rows, 1 to 16. */
    void heights(int upper, int lower) {
        for (int tile = 0; tile < 6; tile++) {
            boolean below = tile == 2 || tile == 3 || tile == 5;
            memory.set(ValueLayout.JAVA_BYTE, COUNTS_OF_ROWS + tile, (byte) (below ? lower : upper));
        }
    }

    /** For {@link AmxKernels#few}, whose five tiles beside the weights are all of the same height. */
    void height(int rows) {
        heights(rows, rows);
        memory.set(ValueLayout.JAVA_BYTE, COUNTS_OF_ROWS + 5L, (byte) TILE_ROWS);
    }

    /**
     * @param rows first tile of the first 16 rows
     * @param rowTilesBytes from there to the first tile of the next 16 rows
     */
    void rows(long rows, long rowTilesBytes) {
        set(ROWS, rows);
        set(ROW_TILES_BYTES, rowTilesBytes);
    }

    /** @param weights first tile of the first panel */
    void weights(long weights, long panelBytes) {
        set(WEIGHTS, weights);
        set(PANEL_BYTES, panelBytes);
    }

    /**
     * What the sums begin with.
     *
     * @param stride bytes from a row to the next; 0 has all rows begin alike
     */
    void begin(long sums, long stride) {
        set(BEGIN, sums);
        set(BEGIN_STRIDE, stride);
        set(BEGIN_BELOW, TILE_ROWS * stride - AmxKernels.TILE_ROW_BYTES);
    }

    /**
     * Where the sums go.
     *
     * @param end bytes from the start of the memory that {@link #run} names
     * @param stride bytes from a row to the next
     */
    void end(long end, long stride) {
        set(END, end);
        set(END_STRIDE, stride);
        set(END_BELOW, TILE_ROWS * stride - AmxKernels.TILE_ROW_BYTES);
    }

    /** Runs {@code kernel} over {@code steps} tiles of each panel and {@code blocks} blocks of rows, both 1 or more. */
    void run(MethodHandle kernel, int steps, int blocks, MemorySegment memoryOfSums) {
        set(STEPS, steps);
        set(BLOCKS, blocks);
        try {
            kernel.invokeExact(memory, memoryOfSums);
        } catch (Throwable e) {
            throw new IllegalStateException("A kernel can't be called", e);
        }
    }

    private void set(int at, long value) {
        memory.set(ValueLayout.JAVA_LONG, at, value);
    }
}
