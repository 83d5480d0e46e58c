package dev.saccade.runtime.media;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.VisionOptions;

/**
 * To what size a frame is resized: both sides multiples of 28 (one visual token), the aspect nearly kept, the pixels
 * within bounds. Rules of qwen-vl-utils, then narrowed by the checkpoint so that no second resize happens.
 */
final class Sizes {

    /** Side of a visual token in pixels. */
    static final int CELL = 28;

    private static final long TOKEN_PIXELS = (long) CELL * CELL;

    static final long IMAGE_MIN_PIXELS = 4 * TOKEN_PIXELS;
    static final long IMAGE_MAX_PIXELS = 16_384 * TOKEN_PIXELS;
    static final long VIDEO_MIN_PIXELS = 128 * TOKEN_PIXELS;
    static final long VIDEO_MAX_PIXELS = 768 * TOKEN_PIXELS;

    /** The budget of qwen-vl-utils where none is given. */
    static final double VIDEO_TOTAL_PIXELS = 128_000 * TOKEN_PIXELS * 0.9;

    /** The budget that the published model is configured with; the pipeline's default. */
    static final long COSMOS_TOTAL_PIXELS = 8_192 * TOKEN_PIXELS;

    private static final double MAX_ASPECT = 200;

    /** A size in pixels. */
    record Size(int height, int width) {
        long pixels() {
            return (long) height * width;
        }
    }

    /** Size of an image of {@code height} by {@code width}. */
    static Size image(int height, int width, VisionOptions options, PreprocessorBounds bounds) {
        double min = options.minPixels() == null ? IMAGE_MIN_PIXELS : options.minPixels();
        double max = options.maxPixels() == null ? IMAGE_MAX_PIXELS : options.maxPixels();
        return resized(height, width, min, max, options, bounds);
    }

    /** Size of each of {@code frames} frames of {@code height} by {@code width}. */
    static Size video(int frames, int height, int width, VisionOptions options, PreprocessorBounds bounds) {
        double min = options.minPixels() == null ? VIDEO_MIN_PIXELS : options.minPixels();
        double total = options.totalPixels() == null ? VIDEO_TOTAL_PIXELS : options.totalPixels();
        double max = Math.max(Math.min(VIDEO_MAX_PIXELS, total / frames * 2), Math.floor(min * 1.05));
        if (options.maxPixels() != null) {
            max = Math.min(max, options.maxPixels());
        }
        return resized(height, width, min, max, options, bounds);
    }

    private static Size resized(
            int height, int width, double min, double max, VisionOptions options, PreprocessorBounds bounds) {
        if (options.resizedHeight() != null && options.resizedWidth() != null) {
            double most = Math.min(IMAGE_MAX_PIXELS, bounds.maxPixels());
            return fitCells(options.resizedHeight(), options.resizedWidth(), Math.min(IMAGE_MIN_PIXELS, most), most);
        }
        if (max < min) {
            throw new InvalidRequestException(
                    "conflicting-vision-parameters",
                    "max_pixels leaves %.0f pixels for a frame, but min_pixels is %.0f; lower min_pixels or raise max_pixels."
                            .formatted(max, min));
        }
        double most = Math.min(max, (double) bounds.maxPixels());
        return fitCells(height, width, Math.min(min, most), most);
    }

    /** The reference leaves a side of 0 to long strips under a small maximum, and fails: they get one row of tokens. */
    private static Size fitCells(int height, int width, double min, double max) {
        Size size = fit(height, width, min, max);
        if (size.pixels() > 0) {
            return size;
        }
        int longest = Math.max(CELL, ((int) (max / TOKEN_PIXELS)) * CELL);
        return size.height() == 0
                ? new Size(CELL, Math.clamp(size.width(), CELL, longest))
                : new Size(Math.clamp(size.height(), CELL, longest), CELL);
    }

    /**
     * Rounds both sides to multiples of 28 with {@code min <= pixels <= max}, as far as the rounding allows; a side may become 0.
     *
     * @throws MediaException where one side is more than 200 times the other
     */
    static Size fit(int height, int width, double min, double max) {
        if ((double) Math.max(height, width) / Math.min(height, width) > MAX_ASPECT) {
            throw new MediaException(
                    "media-aspect-ratio",
                    "The picture is " + width + " x " + height + "; one side may be at most 200 times the other.");
        }
        double pixels = (double) height * width;
        long h = Math.max(CELL, (long) Math.rint((double) height / CELL) * CELL);
        long w = Math.max(CELL, (long) Math.rint((double) width / CELL) * CELL);
        if (h * w > max) {
            double beta = Math.sqrt(pixels / max);
            h = (long) Math.floor(height / beta / CELL) * CELL;
            w = (long) Math.floor(width / beta / CELL) * CELL;
        } else if (h * w < min) {
            double beta = Math.sqrt(min / pixels);
            h = (long) Math.ceil(height * beta / CELL) * CELL;
            w = (long) Math.ceil(width * beta / CELL) * CELL;
        }
        return new Size(Math.toIntExact(h), Math.toIntExact(w));
    }

    private Sizes() {}
}
