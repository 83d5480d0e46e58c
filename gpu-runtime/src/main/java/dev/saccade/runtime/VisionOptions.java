package dev.saccade.runtime;

import org.jspecify.annotations.Nullable;

/**
 * Which frames of a clip the model sees, and how large. A null leaves the model's default.
 *
 * @param fps frames sampled for each second of video (default 4); excludes {@code nframes}
 * @param nframes exact number of frames, rounded to an even number
 * @param minFrames lower bound on sampled frames (default 4)
 * @param maxFrames upper bound on sampled frames (default 768)
 * @param minPixels lower bound on the pixels of one frame
 * @param maxPixels upper bound on the pixels of one frame
 * @param totalPixels budget shared by all frames of a clip
 * @param resizedHeight exact height in pixels, rounded to a multiple of 28; goes with {@code resizedWidth}
 * @param resizedWidth exact width in pixels, rounded to a multiple of 28
 * @param videoStart first second that is looked at
 * @param videoEnd last second that is looked at
 * @param timestamps draw each frame's time on a border below it
 */
public record VisionOptions(
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
        boolean timestamps) {

    /** The model's own defaults. */
    public static final VisionOptions DEFAULT =
            new VisionOptions(null, null, null, null, null, null, null, null, null, null, null, false);

    public VisionOptions withFps(double fps) {
        return new VisionOptions(
                fps,
                nframes,
                minFrames,
                maxFrames,
                minPixels,
                maxPixels,
                totalPixels,
                resizedHeight,
                resizedWidth,
                videoStart,
                videoEnd,
                timestamps);
    }

    public VisionOptions withTimestamps(boolean timestamps) {
        return new VisionOptions(
                fps,
                nframes,
                minFrames,
                maxFrames,
                minPixels,
                maxPixels,
                totalPixels,
                resizedHeight,
                resizedWidth,
                videoStart,
                videoEnd,
                timestamps);
    }
}
