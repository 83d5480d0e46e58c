package dev.saccade.runtime.checkpoint.random;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The weights of one tensor in bf16, uniform around a centre. A weight depends on the seed, the tensor's name and its index
 * alone, so that chunks can be made in any order by any thread.
 *
 * <p>Matrices spread over {@code +-sqrt(3 / inputs)}, a variance of 1 / inputs: a normalised row keeps its size, and the
 * activations stay finite however many layers there are. Norms lie around 1, biases around 0.
 */
final class WeightGenerator {

    static final int PER_HASH = 4;

    private static final ValueLayout.OfLong FOUR_WEIGHTS =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort ONE_WEIGHT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int LEVELS = 1 << 16;
    private static final double NORM_SPREAD = 0.1;
    private static final double BIAS_SPREAD = 0.02;

    private final long key;
    private final short[] levels = new short[LEVELS];

    WeightGenerator(long seed, String tensor, int[] shape) {
        this.key = mix(seed + mix(tensor.hashCode()));
        boolean matrix = shape.length > 1;
        boolean norm = !matrix && !tensor.endsWith(".bias");
        double spread = matrix ? Math.sqrt(3.0 / inputs(shape)) : norm ? NORM_SPREAD : BIAS_SPREAD;
        for (int i = 0; i < LEVELS; i++) {
            double value = (norm ? 1 : 0) + spread * ((2.0 * i + 1) / LEVELS - 1);
            levels[i] = bfloat16((float) value);
        }
    }

    private static long inputs(int[] shape) {
        long inputs = 1;
        for (int i = 1; i < shape.length; i++) {
            inputs *= shape[i];
        }
        return inputs;
    }

    /** Fills {@code count} weights from index {@code first}, a multiple of {@link #PER_HASH}, on. */
    void fill(long first, int count, MemorySegment target) {
        int whole = count - count % PER_HASH;
        for (int i = 0; i < whole; i += PER_HASH) {
            target.set(FOUR_WEIGHTS, (long) i * Shard.BYTES_PER_WEIGHT, four(first + i));
        }
        long last = four(first + whole);
        for (int i = whole; i < count; i++) {
            target.set(ONE_WEIGHT, (long) i * Shard.BYTES_PER_WEIGHT, (short) last);
            last >>>= 16;
        }
    }

    private long four(long index) {
        long bits = mix(key + index);
        return (levels[(int) bits & 0xffff] & 0xffffL)
                | (levels[(int) (bits >>> 16) & 0xffff] & 0xffffL) << 16
                | (levels[(int) (bits >>> 32) & 0xffff] & 0xffffL) << 32
                | (levels[(int) (bits >>> 48)] & 0xffffL) << 48;
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014) over a golden-ratio step. */
    private static long mix(long value) {
        long z = value * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** Rounds half to even. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
