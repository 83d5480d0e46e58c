package dev.saccade.runtime.device.cpu;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width of this machine, at most 512 bits so that a whole number of vectors covers the kernels' blocks of 16,
 * and how bf16 pairs and elementary functions look in it.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // coefficients as their sources print them
final class Lanes {

    static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() <= 16 ? FloatVector.SPECIES_PREFERRED : FloatVector.SPECIES_512;
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    static final int WIDTH = FLOATS.length();
    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private Lanes() {}

    /** The lower bf16 of each lane, widened. */
    static FloatVector low(IntVector pairs) {
        return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    /** The upper bf16 of each lane, widened. */
    static FloatVector high(IntVector pairs) {
        return pairs.and(0xffff0000).reinterpretAsFloats();
    }

    /** The sum of a vector's lanes that were stored, in an order that is the same interpreted as compiled. */
    static float sum(float[] lanes, int at) {
        float sum = 0;
        for (int i = 0; i < WIDTH; i++) {
            sum += lanes[at + i];
        }
        return sum;
    }

    /** Two bf16 numbers in one int, rounded to nearest even. */
    static int pair(float low, float high) {
        return toBfloat16(low) | (toBfloat16(high) << 16);
    }

    /** The upper half of the float, rounded to nearest even, in the lower 16 bits. */
    static int toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (bits >>> 16) | 0x40;
        }
        return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
    }

    /** {@link #toBfloat16(float)} of each lane. */
    static IntVector toBfloat16(FloatVector values) {
        IntVector bits = values.reinterpretAsInts();
        IntVector upper = bits.lanewise(VectorOperators.LSHR, 16);
        IntVector rounded = bits.add(upper.and(1)).add(0x7fff).lanewise(VectorOperators.LSHR, 16);
        VectorMask<Integer> nan = values.test(VectorOperators.IS_NAN).cast(INTS);
        return rounded.blend(upper.or(0x40), nan);
    }

    /**
     * e^x by 2^n times a polynomial of the rest (the coefficients of Cephes' expf): within 2 units in the last place for
     * x in [-86, 88], constant beyond.
     */
    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.max(-86f).min(88f);
        FloatVector shifted =
                clamped.fma(FloatVector.broadcast(FLOATS, 1.44269504f), FloatVector.broadcast(FLOATS, 12582912f));
        FloatVector n = shifted.sub(12582912f);
        FloatVector r = n.fma(
                FloatVector.broadcast(FLOATS, 2.12194440e-4f),
                n.fma(FloatVector.broadcast(FLOATS, -0.693359375f), clamped));
        FloatVector p = FloatVector.broadcast(FLOATS, 1.9875691500e-4f);
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1.3981999507e-3f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 8.3334519073e-3f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 4.1665795894e-2f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 1.6666665459e-1f));
        p = p.fma(r, FloatVector.broadcast(FLOATS, 5.0000001201e-1f));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }

    /** The error function by Abramowitz and Stegun 7.1.26: within 5e-7. */
    static FloatVector erf(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector t = FloatVector.broadcast(FLOATS, 1f)
                .div(size.fma(FloatVector.broadcast(FLOATS, 0.3275911f), FloatVector.broadcast(FLOATS, 1f)));
        FloatVector p = FloatVector.broadcast(FLOATS, 1.061405429f);
        p = p.fma(t, FloatVector.broadcast(FLOATS, -1.453152027f));
        p = p.fma(t, FloatVector.broadcast(FLOATS, 1.421413741f));
        p = p.fma(t, FloatVector.broadcast(FLOATS, -0.284496736f));
        p = p.fma(t, FloatVector.broadcast(FLOATS, 0.254829592f));
        FloatVector tail = p.mul(t).mul(exp(size.mul(size).neg()));
        FloatVector positive = FloatVector.broadcast(FLOATS, 1f).sub(tail);
        return positive.blend(positive.neg(), x.lt(0f));
    }
}
