package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.ORDER;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Rounds float32 to bf16, to nearest even. */
final class Rounding {

    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(WIDTH * Short.SIZE));

    private Rounding() {}

    /** Writes {@code count} values from {@code from} on to {@code to}, byte {@code at}. */
    static void toBfloat16(float[] x, int from, int count, MemorySegment to, long at) {
        int i = 0;
        for (; i < FLOATS.loopBound(count); i += WIDTH) {
            vector(x, from + i, to, at + 2L * i);
        }
        for (; i < count; i++) {
            value(x[from + i], to, at + 2L * i);
        }
    }

    /**
     * One row of tiles: 32 values, then the next 32 a tile further on. The last tile's row is filled up with zeros.
     *
     * @param at the row's place in the first tile
     */
    static void toTiles(float[] x, int from, int count, MemorySegment to, long at) {
        int i = 0;
        for (; i < FLOATS.loopBound(count); i += WIDTH) {
            vector(x, from + i, to, at + inTiles(i));
        }
        for (; i < count; i++) {
            value(x[from + i], to, at + inTiles(i));
        }
        for (; i % AmxKernels.TILE_INPUTS != 0; i++) {
            value(0, to, at + inTiles(i));
        }
    }

    private static long inTiles(int i) {
        return (long) (i / AmxKernels.TILE_INPUTS) * AmxKernels.TILE_BYTES + 2L * (i % AmxKernels.TILE_INPUTS);
    }

    private static void vector(float[] x, int from, MemorySegment to, long at) {
        IntVector rounded = Lanes.toBfloat16(FloatVector.fromArray(FLOATS, x, from));
        ((ShortVector) rounded.convertShape(VectorOperators.I2S, SHORTS, 0)).intoMemorySegment(to, at, ORDER);
    }

    private static void value(float x, MemorySegment to, long at) {
        to.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) Lanes.toBfloat16(x));
    }
}
