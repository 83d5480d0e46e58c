package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.INTS;
import static dev.saccade.runtime.device.cpu.Lanes.ORDER;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;
import static dev.saccade.runtime.device.cpu.PackedMatrix.PANEL;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** Brings a stretch of a panel's inputs into the float32 tile of {@link TileKernels}. */
final class Widening {

    private static final long LINE = 4L * PANEL;
    private static final int COLUMNS = TileKernels.COLUMNS;

    private Widening() {}

    /** Writes inputs {@code [first, first + count)} of the panel at {@code at} to its half of {@code tile}; first is even. */
    static void panel(PackedMatrix weights, long at, int first, int count, float[] tile, int half) {
        for (int column = 0; column < PANEL; column += WIDTH) {
            int target = half * PANEL + column;
            if (weights.bfloat16()) {
                bfloat16(weights.data(), at + first / 2 * LINE + 4L * column, (count + 1) / 2, tile, target);
            } else {
                float32(weights.data(), at + first * LINE + 4L * column, count, tile, target);
            }
        }
    }

    private static void bfloat16(MemorySegment weights, long at, int pairs, float[] tile, int target) {
        for (int i = 0; i < pairs; i++) {
            IntVector pair = IntVector.fromMemorySegment(INTS, weights, at + i * LINE, ORDER);
            Lanes.low(pair).intoArray(tile, target + 2 * i * COLUMNS);
            Lanes.high(pair).intoArray(tile, target + (2 * i + 1) * COLUMNS);
        }
    }

    private static void float32(MemorySegment weights, long at, int count, float[] tile, int target) {
        for (int i = 0; i < count; i++) {
            FloatVector.fromMemorySegment(FLOATS, weights, at + i * LINE, ORDER).intoArray(tile, target + i * COLUMNS);
        }
    }
}
