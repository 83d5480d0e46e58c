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
    static final int SUMS = 96;
    static final int STEPS = 104;
    static final int BLOCKS = 112;
    private static final int BYTES = 128;

    private static final int BYTES_OF_ROWS = 16;
    private static final int COUNTS_OF_ROWS = 48;
    private static final int TILES = 8;
    private static final int TILE_ROWS = 16;
    private static final short ROW_BYTES = 64;

    private final MemorySegment memory;

    AmxCall(Arena arena) {
        memory = arena.allocate(BYTES, 64);
        memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 1); // the palette of eight tiles
        for (int tile = 0; tile < TILES; tile++) {
            memory.set(ValueLayout.JAVA_SHORT, BYTES_OF_ROWS + 2L * tile, ROW_BYTES);
        }
        rowsOfTiles(0, TILES, TILE_ROWS);
    }

    /** Tiles {@code from} to {@code to} have so many rows, 1 to 16. */
    void rowsOfTiles(int from, int to, int rows) {
        for (int tile = from; tile < to; tile++) {
            memory.set(ValueLayout.JAVA_BYTE, COUNTS_OF_ROWS + tile, (byte) rows);
        }
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

    /** @param sums float32, {@link AmxKernels#SUMS_STRIDE} bytes a row */
    void sums(long sums) {
        set(SUMS, sums);
    }

    /** Runs {@code kernel} over {@code steps} tiles of each panel and {@code blocks} blocks of rows, both 1 or more. */
    void run(MethodHandle kernel, int steps, int blocks) {
        set(STEPS, steps);
        set(BLOCKS, blocks);
        try {
            kernel.invokeExact(memory);
        } catch (Throwable e) {
            throw new IllegalStateException("A kernel can't be called", e);
        }
    }

    private void set(int at, long value) {
        memory.set(ValueLayout.JAVA_LONG, at, value);
    }
}
