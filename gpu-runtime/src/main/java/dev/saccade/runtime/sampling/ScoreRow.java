package dev.saccade.runtime.sampling;

import static dev.saccade.runtime.sampling.RowScan.LANES;
import static dev.saccade.runtime.sampling.RowScan.TILE;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The logits of one row while a token is chosen from them. The few scores that parameters change are kept exactly, in double
 * precision; rounded to float they stand in the row itself until {@link #restore}, so that a scan finds them there.
 * Rounding keeps the order, so what a scan by float leaves out can't be better than what it finds.
 */
final class ScoreRow {

    /** Lowest threshold: what is negative infinity is never found. */
    static final float LOWEST = -Float.MAX_VALUE;

    private static final float WIDEST_STEP = 1024;
    private static final int HALVINGS = 16;

    /** Rows up to this size are counted token by token, larger ones lane by lane. */
    static final int SMALL_ROW = 8192;

    private static final double NEGLIGIBLE_WEIGHT = 1e-8;

    /** Up to here x + x^2 / 2 is e^x - 1 within 10^-13. */
    private static final double SMALL = 1e-4;

    private final int size;
    private final float[] maxima; // (tiles, lanes)
    private final float[] masked;
    private final double[] exact;
    private final int[] stamps; // of the row for which exact holds a score
    private final double[] sums; // one for each tile
    private final double[] tileWeights = new double[TILE + TileWeights.PADDING];
    private final TileWeights weights = new TileWeights();
    private int stamp;
    private int[] changed = new int[256];
    private float[] originals = new float[256];
    private double[] changedWeights = new double[256 + TileWeights.PADDING];
    private int changes;
    private float[] logits = {};
    private int offset;
    private float[] values = logits;
    private int from;

    ScoreRow(int size) {
        this.size = size;
        this.maxima = new float[RowScan.tiles(size) * LANES];
        this.masked = new float[size];
        this.exact = new double[size];
        this.stamps = new int[size];
        this.sums = new double[RowScan.tiles(size)];
    }

    int size() {
        return size;
    }

    /** Takes up a row that begins at {@code offset}. */
    void begin(float[] row, int offset) {
        this.logits = row;
        this.offset = offset;
        this.values = row;
        this.from = offset;
        changes = 0;
        stamp++;
        if (stamp == 0) { // after 2^32 rows old stamps come round
            Arrays.fill(stamps, 0);
            stamp = 1;
        }
    }

    /** A token's score with all changes. */
    double score(int id) {
        return stamps[id] == stamp ? exact[id] : logits[offset + id];
    }

    /** Changes a token's score. Only before {@link #scan}. */
    void set(int id, double score) {
        if (stamps[id] != stamp) {
            stamps[id] = stamp;
            if (changes == changed.length) {
                changed = Arrays.copyOf(changed, 2 * changes);
                originals = Arrays.copyOf(originals, 2 * changes);
                changedWeights = new double[2 * changes + TileWeights.PADDING];
            }
            changed[changes] = id;
            originals[changes++] = logits[offset + id];
        }
        exact[id] = score;
        float rounded = (float) score;
        boolean overflows = Float.isInfinite(rounded) && !Double.isInfinite(score);
        logits[offset + id] = overflows ? Math.copySign(Float.MAX_VALUE, rounded) : rounded;
    }

    /** Puts the logits back as they were. */
    void restore() {
        for (int i = 0; i < changes; i++) {
            logits[offset + changed[i]] = originals[i];
        }
        changes = 0;
    }

    /** Looks through the row once; what the mask does not allow is out from here on. */
    void scan(long @Nullable [] mask) {
        if (mask == null) {
            RowScan.maxima(logits, offset, size, maxima);
        } else {
            RowScan.maskedMaxima(logits, offset, size, mask, masked, maxima);
            values = masked;
            from = 0;
        }
    }

    /** The highest score, rounded; negative infinity where there is none. */
    float highest() {
        return RowScan.highest(maxima, maxima.length);
    }

    /**
     * A threshold that at least {@code count} tokens reach, and seldom many more: the bar is lowered until so many tokens, in
     * a large row so many lane maxima, stand above it, then raised by halves.
     */
    float reachedBy(int count) {
        float high = highest();
        float step = 1;
        float low = high - step;
        int found = count(low);
        while (found < count) {
            if (step >= WIDEST_STEP) {
                return LOWEST;
            }
            step *= 2;
            high = low;
            low -= step;
            found = count(low);
        }
        for (int i = 0; i < HALVINGS && found > count + count / 2; i++) {
            float middle = low + (high - low) / 2;
            int above = count(middle);
            if (above >= count) {
                low = middle;
                found = above;
            } else {
                high = middle;
            }
        }
        return Math.max(low, LOWEST);
    }

    private int count(float threshold) {
        return size <= SMALL_ROW
                ? RowScan.countAbove(values, from, size, Math.nextDown(threshold))
                : RowScan.countAtLeast(maxima, maxima.length, threshold);
    }

    /** Adds all tokens whose rounded score reaches the threshold, by ascending id, with their exact scores. */
    void gather(float threshold, Candidates into) {
        for (int first = 0; first < maxima.length; first += LANES) {
            boolean any = FloatVector.fromArray(RowScan.FLOATS, maxima, first)
                    .compare(VectorOperators.GE, threshold)
                    .anyTrue();
            if (any) {
                int start = first * RowScan.DEPTH;
                gatherTile(start, Math.min(start + TILE, size), threshold, into);
            }
        }
    }

    private void gatherTile(int start, int end, float threshold, Candidates into) {
        int i = start;
        for (; i + LANES <= end; i += LANES) {
            long bits = FloatVector.fromArray(RowScan.FLOATS, values, from + i)
                    .compare(VectorOperators.GE, threshold)
                    .toLong();
            for (; bits != 0; bits &= bits - 1) {
                int id = i + Long.numberOfTrailingZeros(bits);
                into.add(id, score(id));
            }
        }
        for (; i < end; i++) {
            if (values[from + i] >= threshold) {
                into.add(i, score(i));
            }
        }
    }

    /** Sums e^((score - highest) / temperature) over all tokens; the share of each tile is kept for {@link #at}. */
    double weigh(double highest, double temperature) {
        weights.sum(values, from, size, maxima, highest, temperature, sums);
        undoRounding(highest, temperature);
        double total = 0;
        for (double sum : sums) {
            total += sum;
        }
        return total;
    }

    /** The tiles' sums are of rounded scores: puts the exact weights in the place of the rounded ones. */
    private void undoRounding(double highest, double temperature) {
        for (int i = 0; i < changes; i++) {
            changedWeights[i] = (exact[changed[i]] - highest) / temperature;
        }
        TileWeights.exp(changedWeights, changes, changedWeights);
        for (int i = 0; i < changes; i++) {
            int id = changed[i];
            if (changedWeights[i] > NEGLIGIBLE_WEIGHT && values[from + id] >= LOWEST) {
                double rounding = (values[from + id] - exact[id]) / temperature;
                double growth = Math.abs(rounding) < SMALL ? rounding + rounding * rounding / 2 : Math.expm1(rounding);
                sums[id / TILE] -= changedWeights[i] * growth;
            }
        }
    }

    /** The token at a point of [0, total) of the weights that {@link #weigh} has summed, by ascending id. */
    int at(double point, double highest, double temperature) {
        double left = point;
        int tile = 0;
        int last = 0;
        for (; tile < sums.length; tile++) {
            if (sums[tile] > 0) {
                last = tile;
                if (left < sums[tile]) {
                    break;
                }
                left -= sums[tile];
            }
        }
        int start = last * TILE;
        int end = Math.min(size, start + TILE);
        TileWeights.of(values, from + start, end - start, highest, temperature, tileWeights);
        int chosen = -1;
        for (int id = start; id < end && left >= 0; id++) {
            double weight = tileWeights[id - start];
            if (weight > 0) {
                chosen = id;
                left -= stamps[id] == stamp ? Math.exp((exact[id] - highest) / temperature) : weight;
            }
        }
        return chosen;
    }
}
