package dev.saccade.runtime.schedule;

import dev.saccade.runtime.MediaStatus;

/** Figures for a {@link MediaStatus}, filled in by those who know them. */
final class MediaFigures {
    long queries;
    long hits;
    long encodedPatches;
    long visionCacheBytes;
    long visionCacheLimitBytes;
    long decoded;
    double decodeSeconds;
    long patchBytes;
    long patchLimitBytes;
    int requests;

    MediaStatus build() {
        return new MediaStatus(
                queries,
                hits,
                encodedPatches,
                visionCacheBytes,
                visionCacheLimitBytes,
                decoded,
                decodeSeconds,
                patchBytes,
                patchLimitBytes,
                requests);
    }
}
