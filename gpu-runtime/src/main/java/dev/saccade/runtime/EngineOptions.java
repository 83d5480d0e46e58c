package dev.saccade.runtime;

import java.util.Objects;

/**
 * How an engine is set up.
 *
 * @param precision storage of weights and KV cache
 * @param maxSequences most sequences that are decoded together
 * @param kvCacheTokens tokens that the KV cache holds, rounded up to whole blocks of 16; 0 takes what memory a GPU has left, and
 *     on the processor the default
 * @param mediaThreads clips decoded in parallel
 * @param computeThreads threads for matrix products; 0 takes all processors
 * @param visionCacheBytes memory for visual tokens: those of running requests, and of earlier ones for another question
 *     about the same clip
 * @param prefixCaching keep the keys and values of earlier prompts for requests that begin alike
 * @param speculativeTokens most tokens that are guessed from the prompt and checked in one step; 0 guesses none
 * @param device what computes; {@link DeviceChoice#AUTO} takes a GPU where one can be used
 * @param batchInvariant an answer has the same bits whatever shares its batch; where that costs speed, false gives it up. A GPU keeps
 *     it for up to 16 rows a step, and cuBLAS may not for more
 */
public record EngineOptions(
        Precision precision,
        int maxSequences,
        int kvCacheTokens,
        MediaLimits mediaLimits,
        int mediaThreads,
        int computeThreads,
        long visionCacheBytes,
        boolean prefixCaching,
        int speculativeTokens,
        boolean batchInvariant,
        DeviceChoice device) {

    public static final EngineOptions DEFAULT = new EngineOptions(
            Precision.BFLOAT16, 8, 32_768, MediaLimits.DEFAULT, 2, 0, 1L << 30, true, 4, true, DeviceChoice.AUTO);

    public EngineOptions {
        Objects.requireNonNull(precision);
        Objects.requireNonNull(device);
        requireAtLeast(1, "maxSequences", maxSequences);
        if (kvCacheTokens != 0) {
            requireAtLeast(16, "kvCacheTokens", kvCacheTokens);
        }
        requireAtLeast(0, "speculativeTokens", speculativeTokens);
    }

    private static void requireAtLeast(int least, String name, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + "; give at least " + least);
        }
    }

    public EngineOptions withPrecision(Precision precision) {
        return toBuilder().precision(precision).build();
    }

    /** Begins with these options. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Changes options by name. */
    public static final class Builder {
        private Precision precision;
        private int maxSequences;
        private int kvCacheTokens;
        private MediaLimits mediaLimits;
        private int mediaThreads;
        private int computeThreads;
        private long visionCacheBytes;
        private boolean prefixCaching;
        private int speculativeTokens;
        private boolean batchInvariant;
        private DeviceChoice device;

        private Builder(EngineOptions from) {
            this.precision = from.precision;
            this.maxSequences = from.maxSequences;
            this.kvCacheTokens = from.kvCacheTokens;
            this.mediaLimits = from.mediaLimits;
            this.mediaThreads = from.mediaThreads;
            this.computeThreads = from.computeThreads;
            this.visionCacheBytes = from.visionCacheBytes;
            this.prefixCaching = from.prefixCaching;
            this.speculativeTokens = from.speculativeTokens;
            this.batchInvariant = from.batchInvariant;
            this.device = from.device;
        }

        public Builder precision(Precision precision) {
            this.precision = precision;
            return this;
        }

        public Builder maxSequences(int maxSequences) {
            this.maxSequences = maxSequences;
            return this;
        }

        public Builder kvCacheTokens(int kvCacheTokens) {
            this.kvCacheTokens = kvCacheTokens;
            return this;
        }

        public Builder mediaLimits(MediaLimits mediaLimits) {
            this.mediaLimits = mediaLimits;
            return this;
        }

        public Builder mediaThreads(int mediaThreads) {
            this.mediaThreads = mediaThreads;
            return this;
        }

        public Builder computeThreads(int computeThreads) {
            this.computeThreads = computeThreads;
            return this;
        }

        public Builder visionCacheBytes(long visionCacheBytes) {
            this.visionCacheBytes = visionCacheBytes;
            return this;
        }

        public Builder prefixCaching(boolean prefixCaching) {
            this.prefixCaching = prefixCaching;
            return this;
        }

        public Builder speculativeTokens(int speculativeTokens) {
            this.speculativeTokens = speculativeTokens;
            return this;
        }

        public Builder batchInvariant(boolean batchInvariant) {
            this.batchInvariant = batchInvariant;
            return this;
        }

        public Builder device(DeviceChoice device) {
            this.device = device;
            return this;
        }

        public EngineOptions build() {
            return new EngineOptions(
                    precision,
                    maxSequences,
                    kvCacheTokens,
                    mediaLimits,
                    mediaThreads,
                    computeThreads,
                    visionCacheBytes,
                    prefixCaching,
                    speculativeTokens,
                    batchInvariant,
                    device);
        }
    }
}
