package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.INTS;
import static dev.saccade.runtime.device.cpu.Lanes.ORDER;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;
import static dev.saccade.runtime.device.cpu.PackedMatrix.PANEL;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Brings a stretch of two panels' inputs into the float32 tile of {@link TileKernels}. */
final class Widening {

    private static final long LINE = 4L * PANEL;
    private static final int COLUMNS = TileKernels.COLUMNS;

    private Widening() {}

    /** Writes inputs {@code [first, first + count)} of the panel at {@code at} and the next one; first is even. */
    static void twoPanels(PackedMatrix weights, long at, int first, int count, float[] tile) {
        long panel = weights.panelBytes();
        for (int column = 0; column < PANEL; column += WIDTH) {
            if (weights.bfloat16()) {
                bfloat16(weights.data(), at + first / 2 * LINE + 4L * column, panel, (count + 1) / 2, tile, column);
            } else {
                float32(weights.data(), at + first * LINE + 4L * column, panel, count, tile, column);
            }
        }
    }

    private static void bfloat16(MemorySegment weights, long at, long panel, int pairs, float[] tile, int target) {
        for (int i = 0; i < pairs; i++) {
            IntVector a = IntVector.fromMemorySegment(INTS, weights, at + i * LINE, ORDER);
            IntVector b = IntVector.fromMemorySegment(INTS, weights, at + panel + i * LINE, ORDER);
            int even = target + 2 * i * COLUMNS;
            Lanes.low(a).intoArray(tile, even);
            Lanes.low(b).intoArray(tile, even + PANEL);
            Lanes.high(a).intoArray(tile, even + COLUMNS);
            Lanes.high(b).intoArray(tile, even + COLUMNS + PANEL);
        }
    }

    private static void float32(MemorySegment weights, long at, long panel, int count, float[] tile, int target) {
        for (int i = 0; i < count; i++) {
            int row = target + i * COLUMNS;
            FloatVector.fromMemorySegment(FLOATS, weights, at + i * LINE, ORDER).intoArray(tile, row);
            FloatVector.fromMemorySegment(FLOATS, weights, at + panel + i * LINE, ORDER)
                    .intoArray(tile, row + PANEL);
        }
    }
}
