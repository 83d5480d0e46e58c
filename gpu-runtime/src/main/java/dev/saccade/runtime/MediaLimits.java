package dev.saccade.runtime;

import java.time.Duration;

/**
 * Bounds on media that a request can't raise, checked before memory is taken.
 *
 * @param maxBytes largest file
 * @param maxDuration longest clip
 * @param maxPixels most pixels of one frame or image
 * @param maxDecodedFrames most frames that are decoded from one clip
 * @param probeTimeout time for reading a clip's facts
 * @param decodeTimeout time for decoding a clip
 * @param childMemoryBytes address space of a decoder process
 */
public record MediaLimits(
        long maxBytes,
        Duration maxDuration,
        long maxPixels,
        int maxDecodedFrames,
        Duration probeTimeout,
        Duration decodeTimeout,
        long childMemoryBytes) {

    public static final MediaLimits DEFAULT = new MediaLimits(
            2L << 30,
            Duration.ofHours(1),
            8192L * 8192,
            200_000,
            Duration.ofSeconds(20),
            Duration.ofMinutes(5),
            4L << 30);
}
