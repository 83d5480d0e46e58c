package dev.saccade.ledger.jobs;

import org.jspecify.annotations.Nullable;

/** Which frames are looked at and how large, with the engine's names and meanings; null leaves the model's default. */
public record Vision(
        @Nullable Double fps,
        @Nullable Integer nframes,
        @Nullable Integer minFrames,
        @Nullable Integer maxFrames,
        @Nullable Long minPixels,
        @Nullable Long maxPixels,
        @Nullable Long totalPixels,
        @Nullable Integer resizedHeight,
        @Nullable Integer resizedWidth,
        @Nullable Double videoStart,
        @Nullable Double videoEnd,
        @Nullable Boolean timestamps) {

    /** The model's own defaults. */
    public static final Vision DEFAULT =
            new Vision(null, null, null, null, null, null, null, null, null, null, null, null);
}
