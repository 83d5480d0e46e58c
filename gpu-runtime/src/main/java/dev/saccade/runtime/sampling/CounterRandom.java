package dev.saccade.runtime.sampling;

/**
 * Random numbers without a state: the number of a step depends on seed, sequence and step alone, so a sequence draws the
 * same numbers whatever shares its batch and however often it is preempted. The finaliser is SplitMix64's (Steele, Lea,
 * Flood: Fast Splittable Pseudorandom Number Generators, 2014), applied once for each of the three counters.
 */
public final class CounterRandom {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private CounterRandom() {}

    /** Uniform in [0, 1) with 53 random bits. */
    public static double uniform(long seed, long sequence, long step) {
        long bits = mix(seed + GOLDEN_GAMMA);
        bits = mix(bits ^ mix(sequence + 2 * GOLDEN_GAMMA));
        bits = mix(bits ^ mix(step + 3 * GOLDEN_GAMMA));
        return (bits >>> 11) * 0x1p-53;
    }

    private static long mix(long z) {
        long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
