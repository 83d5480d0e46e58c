package dev.saccade.runtime.media;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.VisionOptions;
import org.jspecify.annotations.Nullable;

/** Checks of {@link VisionOptions} that need no file. Names in messages are those of the REST interface. */
final class VisionChecks {

    private static final double MAX_FPS = 1000;
    private static final long MAX_TOTAL_PIXELS = 128_000L * Sizes.CELL * Sizes.CELL;
    private static final int MAX_SIDE = 32_767;
    private static final double MAX_SECONDS = 1e7;

    static void check(VisionOptions options) {
        if (options.fps() != null && !(options.fps() > 0 && options.fps() <= MAX_FPS)) {
            throw invalid("fps is " + options.fps() + "; give a number above 0 and at most 1000.");
        }
        requireRange("nframes", options.nframes(), 2, FrameSampling.MAX_FRAMES);
        requireRange("min_frames", options.minFrames(), 1, FrameSampling.MAX_FRAMES);
        requireRange("max_frames", options.maxFrames(), 2, FrameSampling.MAX_FRAMES);
        requireRange("min_pixels", options.minPixels(), 1, Sizes.IMAGE_MAX_PIXELS);
        requireRange("max_pixels", options.maxPixels(), (long) Sizes.CELL * Sizes.CELL, Sizes.IMAGE_MAX_PIXELS);
        requireRange("total_pixels", options.totalPixels(), (long) Sizes.CELL * Sizes.CELL, MAX_TOTAL_PIXELS);
        requireRange("resized_height", options.resizedHeight(), 1, MAX_SIDE);
        requireRange("resized_width", options.resizedWidth(), 1, MAX_SIDE);
        requireSecond("video_start", options.videoStart());
        requireSecond("video_end", options.videoEnd());
        checkTogether(options);
    }

    private static void checkTogether(VisionOptions options) {
        if (options.fps() != null && options.nframes() != null) {
            throw conflict("fps and nframes exclude each other; give one of them.");
        }
        if ((options.resizedHeight() == null) != (options.resizedWidth() == null)) {
            throw conflict("resized_height and resized_width go together; give both or neither.");
        }
        if (exceeds(options.minFrames(), options.maxFrames())) {
            throw conflict("min_frames is above max_frames; give min_frames <= max_frames.");
        }
        if (exceeds(options.minPixels(), options.maxPixels())) {
            throw conflict("min_pixels is above max_pixels; give min_pixels <= max_pixels.");
        }
        if (options.videoStart() != null && options.videoEnd() != null && options.videoStart() >= options.videoEnd()) {
            throw conflict("video_start is not before video_end; give video_start < video_end, in seconds.");
        }
    }

    private static boolean exceeds(@Nullable Number lower, @Nullable Number upper) {
        return lower != null && upper != null && lower.longValue() > upper.longValue();
    }

    private static void requireRange(String name, @Nullable Number value, long min, long max) {
        if (value != null && (value.longValue() < min || value.longValue() > max)) {
            throw invalid(name + " is " + value + "; give a number from " + min + " to " + max + ".");
        }
    }

    private static void requireSecond(String name, @Nullable Double value) {
        if (value != null && !(value >= 0 && value <= MAX_SECONDS)) {
            throw invalid(name + " is " + value + "; give seconds from the clip's start, 0 or more.");
        }
    }

    private static InvalidRequestException invalid(String message) {
        return new InvalidRequestException("invalid-vision-parameter", message);
    }

    private static InvalidRequestException conflict(String message) {
        return new InvalidRequestException("conflicting-vision-parameters", message);
    }

    private VisionChecks() {}
}
