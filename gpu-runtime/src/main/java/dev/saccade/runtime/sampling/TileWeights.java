package dev.saccade.runtime.sampling;

import static dev.saccade.runtime.sampling.RowScan.TILE;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of e^((score - highest) / temperature) over the tiles of a row, in double precision and always in the same order, so
 * that a sum has the same bits on every call.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // ln 2 in two parts, as fdlibm splits it
final class TileWeights {

    /** Elements behind the last number of an array, so that whole vectors can be read. */
    static final int PADDING = 8;

    /** A tile whose best token is e^-36 times as likely as the row's best adds less than 10^-10 over 152,064 tokens. */
    static final double NEGLIGIBLE = 36;

    private static final VectorSpecies<Double> DOUBLES = RowScan.LANES == 16
            ? DoubleVector.SPECIES_512
            : RowScan.LANES == 8 ? DoubleVector.SPECIES_256 : DoubleVector.SPECIES_128;

    /** As many floats as a vector has doubles. */
    private static final VectorSpecies<Float> HALF = RowScan.LANES == 16
            ? FloatVector.SPECIES_256
            : RowScan.LANES == 8 ? FloatVector.SPECIES_128 : FloatVector.SPECIES_64;

    private static final double LOWEST = -700; // e^-700 is still a normal number
    private static final double TO_INTEGER = 0x1.8p52;
    private static final double LOG2_E = 1 / Math.log(2);
    private static final double LN2_HIGH = 6.93147180369123816490e-01;
    private static final double LN2_LOW = 1.90821492927058770002e-10;

    private final double[] last = new double[TILE + PADDING];
    private final double[] lanes = new double[DOUBLES.length()];

    /**
     * Sums each tile.
     *
     * @param values the row, from {@code from} on
     * @param maxima (tiles, lanes), by {@link RowScan}
     * @param sums receives one number for each tile
     */
    void sum(float[] values, int from, int size, float[] maxima, double highest, double temperature, double[] sums) {
        float least = Math.nextDown((float) (highest - NEGLIGIBLE * temperature));
        for (int tile = 0; tile < RowScan.tiles(size); tile++) {
            boolean counts = FloatVector.fromArray(RowScan.FLOATS, maxima, tile * RowScan.LANES)
                    .compare(VectorOperators.GE, least)
                    .anyTrue();
            int start = tile * TILE;
            if (!counts) {
                sums[tile] = 0;
            } else if (start + TILE <= size) {
                sums[tile] = tile(values, from + start, highest, 1 / temperature);
            } else {
                sums[tile] = lastTile(values, from + start, size - start, highest, temperature);
            }
        }
    }

    private double tile(float[] values, int start, double highest, double inverse) {
        DoubleVector sum = DoubleVector.zero(DOUBLES);
        for (int i = start; i < start + TILE; i += HALF.length()) {
            DoubleVector score =
                    (DoubleVector) FloatVector.fromArray(HALF, values, i).convertShape(VectorOperators.F2D, DOUBLES, 0);
            sum = sum.add(exp(score.sub(highest).mul(inverse)));
        }
        sum.intoArray(lanes, 0);
        double total = 0;
        for (double lane : lanes) { // reduceLanes may add in any order
            total += lane;
        }
        return total;
    }

    /**
     * e^x of each of the first {@code count} numbers, none much above 0; 0 for what is too small to count.
     *
     * @param numbers with {@link #PADDING} more elements than are used; what stands in them doesn't matter
     * @param powers receives them, and as many more; may be {@code numbers}
     */
    static void exp(double[] numbers, int count, double[] powers) {
        for (int i = 0; i < count; i += DOUBLES.length()) {
            exp(DoubleVector.fromArray(DOUBLES, numbers, i)).intoArray(powers, i);
        }
    }

    /** The weights of up to a tile of scores from {@code start} on. */
    static void of(float[] values, int start, int size, double highest, double temperature, double[] weights) {
        double inverse = 1 / temperature;
        for (int i = 0; i < size; i++) {
            weights[i] = (values[start + i] - highest) * inverse;
        }
        exp(weights, size, weights);
    }

    private double lastTile(float[] values, int start, int size, double highest, double temperature) {
        of(values, start, size, highest, temperature, last);
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += last[i];
        }
        return sum;
    }

    /** e^x for x up to a little above 0, within 10^-14 of its value, 0 below -700: 2^n times the Taylor series of the rest. */
    private static DoubleVector exp(DoubleVector x) {
        DoubleVector lowest = DoubleVector.broadcast(DOUBLES, LOWEST);
        VectorMask<Double> counts = x.compare(VectorOperators.GT, lowest); // a NaN doesn't
        DoubleVector bounded = lowest.blend(x, counts);
        DoubleVector shifted =
                bounded.fma(DoubleVector.broadcast(DOUBLES, LOG2_E), DoubleVector.broadcast(DOUBLES, TO_INTEGER));
        DoubleVector n = shifted.sub(TO_INTEGER);
        DoubleVector rest = n.fma(
                DoubleVector.broadcast(DOUBLES, -LN2_LOW), n.fma(DoubleVector.broadcast(DOUBLES, -LN2_HIGH), bounded));
        // written out: a loop or another method here, and the compiler may keep vectors on the heap
        DoubleVector power = rest.mul(1.0 / 39_916_800).add(1.0 / 3_628_800);
        power = power.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 362_880));
        power = power.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 40_320));
        power = power.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 5_040));
        power = power.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 720));
        power = power.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 120));
        power = power.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 24));
        power = power.fma(rest, DoubleVector.broadcast(DOUBLES, 1.0 / 6));
        power = power.fma(rest, DoubleVector.broadcast(DOUBLES, 0.5));
        power = power.mul(rest).add(1).mul(rest).add(1);
        LongVector exponent = shifted.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
        DoubleVector result = power.reinterpretAsLongs().add(exponent).reinterpretAsDoubles();
        return DoubleVector.zero(DOUBLES).blend(result, counts);
    }
}
