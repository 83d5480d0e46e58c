package dev.saccade.runtime;

import java.util.Objects;

/**
 * How an engine is set up.
 *
 * @param precision storage of weights and KV cache
 * @param maxSequences most sequences that are decoded together
 * @param kvCacheTokens tokens that the KV cache holds, rounded up to whole blocks of 16
 * @param mediaThreads clips decoded in parallel
 * @param computeThreads threads for matrix products; 0 takes all processors
 */
public record EngineOptions(
        Precision precision,
        int maxSequences,
        int kvCacheTokens,
        MediaLimits mediaLimits,
        int mediaThreads,
        int computeThreads) {

    public static final EngineOptions DEFAULT =
            new EngineOptions(Precision.BFLOAT16, 8, 32_768, MediaLimits.DEFAULT, 2, 0);

    public EngineOptions {
        Objects.requireNonNull(precision);
        if (maxSequences < 1) {
            throw new IllegalArgumentException("maxSequences is " + maxSequences + "; give at least 1");
        }
    }

    public EngineOptions withPrecision(Precision precision) {
        return new EngineOptions(precision, maxSequences, kvCacheTokens, mediaLimits, mediaThreads, computeThreads);
    }
}
