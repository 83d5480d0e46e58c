package dev.saccade.runtime;

/**
 * How the media pipeline and the cache of visual tokens are doing.
 *
 * @param queries images and videos that requests asked for
 * @param hits those of them that needed no decoding of their own
 * @param encodedPatches patches that the vision tower encoded
 * @param visionCacheBytes visual tokens that have a place
 * @param visionCacheLimitBytes most of them
 * @param decoded clips and images that were decoded
 * @param decodeSeconds time that this took, summed over media threads
 * @param patchBytes memory of clips that are being decoded or wait for the vision tower
 * @param patchLimitBytes most of it
 * @param requests requests whose media are being prepared
 */
public record MediaStatus(
        long queries,
        long hits,
        long encodedPatches,
        long visionCacheBytes,
        long visionCacheLimitBytes,
        long decoded,
        double decodeSeconds,
        long patchBytes,
        long patchLimitBytes,
        int requests) {}
