package dev.saccade.runtime.sampling;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vector kernels over a row of scores. A row is walked in tiles of 16 vectors; for each tile the maxima of its lanes are
 * kept, so that one pass at memory speed tells which tiles can hold a token that matters, without a reduction.
 */
final class RowScan {

    static final VectorSpecies<Float> FLOATS = species();
    static final int LANES = FLOATS.length();

    /** Vectors of a tile. */
    static final int DEPTH = 16;

    /** Scores of a tile; whole words of a token mask. */
    static final int TILE = DEPTH * LANES;

    private static final float NOTHING = Float.NEGATIVE_INFINITY;

    private RowScan() {}

    private static VectorSpecies<Float> species() {
        int preferred = FloatVector.SPECIES_PREFERRED.length();
        if (preferred > 16) {
            return FloatVector.SPECIES_512;
        }
        return preferred < 4 ? FloatVector.SPECIES_128 : FloatVector.SPECIES_PREFERRED;
    }

    /** Tiles of a row, the last one perhaps not full. */
    static int tiles(int size) {
        return Math.ceilDiv(size, TILE);
    }

    /**
     * The highest score of each lane of each tile; a NaN counts as nothing.
     *
     * @param values the row, from {@code from} on
     * @param maxima (tiles, lanes)
     */
    static void maxima(float[] values, int from, int size, float[] maxima) {
        int whole = size / TILE;
        for (int tile = 0; tile < whole; tile++) {
            int base = from + tile * TILE;
            FloatVector highest = FloatVector.broadcast(FLOATS, NOTHING);
            for (int i = 0; i < TILE; i += LANES) {
                FloatVector next = FloatVector.fromArray(FLOATS, values, base + i);
                highest = highest.blend(next, next.compare(VectorOperators.GT, highest));
            }
            highest.intoArray(maxima, tile * LANES);
        }
        if (whole < tiles(size)) {
            lastMaxima(values, from, whole * TILE, size, maxima);
        }
    }

    private static void lastMaxima(float[] values, int from, int start, int size, float[] maxima) {
        int first = start / DEPTH;
        Arrays.fill(maxima, first, first + LANES, NOTHING);
        for (int i = start; i < size; i++) {
            int lane = first + (i - start) % LANES;
            maxima[lane] = values[from + i] > maxima[lane] ? values[from + i] : maxima[lane];
        }
    }

    /**
     * Copies the scores of the allowed tokens, with negative infinity for the others, and takes their maxima. Tiles of a
     * large row without an allowed token are not copied; their maxima are negative infinity.
     *
     * @param mask a bit for each token; tokens beyond its end are not allowed
     * @param copy (size)
     * @param maxima (tiles, lanes)
     */
    static void maskedMaxima(float[] values, int from, int size, long[] mask, float[] copy, float[] maxima) {
        for (int tile = 0; tile < tiles(size); tile++) {
            int start = tile * TILE;
            if (!anyAllowed(mask, start)) {
                Arrays.fill(maxima, tile * LANES, (tile + 1) * LANES, NOTHING);
                if (size <= ScoreRow.SMALL_ROW) { // which is also counted without its maxima
                    Arrays.fill(copy, start, Math.min(start + TILE, size), NOTHING);
                }
            } else if (start + TILE > size) {
                for (int i = start; i < size; i++) {
                    copy[i] = allows(mask, i) ? values[from + i] : NOTHING;
                }
                lastMaxima(copy, 0, start, size, maxima);
            } else {
                copyTile(values, from, start, mask, copy).intoArray(maxima, tile * LANES);
            }
        }
    }

    private static FloatVector copyTile(float[] values, int from, int start, long[] mask, float[] copy) {
        FloatVector nothing = FloatVector.broadcast(FLOATS, NOTHING);
        FloatVector highest = nothing;
        for (int i = start; i < start + TILE; i += LANES) {
            long bits = i / Long.SIZE < mask.length ? mask[i / Long.SIZE] >>> (i % Long.SIZE) : 0;
            VectorMask<Float> allowed = VectorMask.fromLong(FLOATS, bits);
            FloatVector next = nothing.blend(FloatVector.fromArray(FLOATS, values, from + i), allowed);
            next.intoArray(copy, i);
            highest = highest.blend(next, next.compare(VectorOperators.GT, highest));
        }
        return highest;
    }

    private static boolean anyAllowed(long[] mask, int start) {
        int first = start / Long.SIZE;
        long any = 0;
        for (int word = first; word < Math.min(first + TILE / Long.SIZE, mask.length); word++) {
            any |= mask[word];
        }
        return any != 0;
    }

    /** Whether a token's bit is set. */
    static boolean allows(long[] mask, int token) {
        return token / Long.SIZE < mask.length && (mask[token / Long.SIZE] >>> (token % Long.SIZE) & 1) != 0;
    }

    /** The highest of all maxima. */
    static float highest(float[] maxima, int count) {
        FloatVector highest = FloatVector.broadcast(FLOATS, NOTHING);
        for (int i = 0; i < count; i += LANES) {
            FloatVector next = FloatVector.fromArray(FLOATS, maxima, i);
            highest = highest.blend(next, next.compare(VectorOperators.GT, highest));
        }
        return highest.reduceLanes(VectorOperators.MAX);
    }

    /** How many of the first {@code count} values, a multiple of the lanes, are at least as high as {@code threshold}. */
    static int countAtLeast(float[] values, int count, float threshold) {
        int found = 0;
        for (int i = 0; i < count; i += LANES) {
            found += FloatVector.fromArray(FLOATS, values, i)
                    .compare(VectorOperators.GE, threshold)
                    .trueCount();
        }
        return found;
    }

    /** How many scores of a row are higher than {@code score}. */
    static int countAbove(float[] values, int from, int size, float score) {
        int found = 0;
        int whole = size / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            found += FloatVector.fromArray(FLOATS, values, from + i)
                    .compare(VectorOperators.GT, score)
                    .trueCount();
        }
        for (int i = whole; i < size; i++) {
            found += values[from + i] > score ? 1 : 0;
        }
        return found;
    }
}
