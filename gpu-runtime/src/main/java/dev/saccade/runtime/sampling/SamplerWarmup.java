package dev.saccade.runtime.sampling;

import dev.saccade.runtime.SamplingParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Samples from a tiny vocabulary in every way until the compiler has taken up the vector code: interpreted, a token of a
 * large vocabulary takes a second.
 */
public final class SamplerWarmup {

    private static final int ROUNDS = 1_200;
    private static final int VOCABULARY = RowScan.TILE + 5; // a tile and a rest
    private static final int[] PROMPT = {1, 2, 3};

    private SamplerWarmup() {}

    /** Returns early when it is no longer wanted. */
    public static void run(BooleanSupplier stopped) {
        SamplerScratch scratch = new SamplerScratch(VOCABULARY);
        long[] mask = new long[Math.ceilDiv(VOCABULARY, Long.SIZE)];
        Arrays.fill(mask, 0x5555555555555555L);
        SamplingControls masked = new SamplingControls(mask, List.of(), null, false, null, null);
        Sampler[] samplers = {
            sampler(neutral().temperature(0.0), SamplingControls.NONE, scratch),
            sampler(neutral(), SamplingControls.NONE, scratch),
            sampler(neutral().topP(0.95).repetitionPenalty(1.05), SamplingControls.NONE, scratch),
            sampler(neutral().topK(20), SamplingControls.NONE, scratch),
            sampler(neutral().topP(0.95), masked, scratch)
        };
        float[] logits = new float[VOCABULARY];
        for (int i = 0; i < VOCABULARY; i++) {
            logits[i] = ((i * 37) % 101) / 10f;
        }
        for (int i = 0; i < ROUNDS && !stopped.getAsBoolean(); i++) {
            for (Sampler sampler : samplers) {
                sampler.sample(logits);
            }
        }
    }

    private static SamplingParameters.Builder neutral() {
        return SamplingParameters.greedy().toBuilder().temperature(1.0);
    }

    private static Sampler sampler(
            SamplingParameters.Builder parameters, SamplingControls controls, SamplerScratch scratch) {
        return new Sampler(parameters.build(), 1, 0, Set.of(), PROMPT, controls, scratch);
    }
}
