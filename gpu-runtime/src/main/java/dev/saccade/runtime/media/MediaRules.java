package dev.saccade.runtime.media;

import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The limits on media, each with the sentence that names it. */
final class MediaRules {

    private static final int MAX_SIDE = 65_535;
    private static final int MAX_IMAGE_HEADER_BYTES = 1 << 20;
    private static final double MAX_FPS = 1000;

    static MediaException notFound() {
        return new MediaException("media-not-found", "There is no such media file.");
    }

    static MediaException unreadable(IOException cause) {
        return new MediaException("media-unreadable", "The media file can't be opened.", cause);
    }

    static void requireBytes(long bytes, MediaLimits limits) {
        if (bytes == 0) {
            throw new MediaException("media-empty", "The file is empty; send an MP4, a WebM, a JPEG or a PNG.");
        }
        if (bytes > limits.maxBytes()) {
            throw new MediaException(
                    "media-too-large",
                    "The file has " + bytes + " bytes; at most " + limits.maxBytes() + " are accepted.");
        }
    }

    /** An image is held in memory as a whole: no more bytes than its pixels could fill. */
    static void requireImageBytes(long bytes, MediaLimits limits) {
        long most = limits.maxPixels() * 4 + MAX_IMAGE_HEADER_BYTES;
        if (bytes > most) {
            throw new MediaException(
                    "media-too-large", "The image has " + bytes + " bytes; at most " + most + " are accepted.");
        }
    }

    static void requireResolution(int width, int height, MediaLimits limits) {
        if (width < 1 || height < 1) {
            throw new MediaException("media-unreadable", "The picture has no pixels; the file is damaged.");
        }
        if (width > MAX_SIDE || height > MAX_SIDE || (long) width * height > limits.maxPixels()) {
            throw new MediaException(
                    "media-resolution",
                    "The picture is " + width + " x " + height + "; at most " + limits.maxPixels()
                            + " pixels are accepted.");
        }
    }

    static void requireFrameRate(double fps) {
        if (!(fps > 0 && fps <= MAX_FPS)) {
            throw new MediaException(
                    "media-frame-rate",
                    "The clip's frame rate is " + (fps > 0 ? "%.0f".formatted(fps) : "missing")
                            + "; it must be above 0 and at most 1000 frames a second.");
        }
    }

    static void requireDuration(double seconds, MediaLimits limits) {
        if (!(seconds <= limits.maxDuration().toMillis() / 1000.0)) {
            throw new MediaException(
                    "media-too-long",
                    "The clip is %.0f s long; at most %s s are accepted. Cut it into parts."
                            .formatted(seconds, seconds(limits.maxDuration())));
        }
    }

    static void requireFrames(long frames, MediaLimits limits) {
        if (frames > limits.maxDecodedFrames()) {
            throw tooManyFrames(limits);
        }
    }

    static MediaException tooManyFrames(MediaLimits limits) {
        return new MediaException(
                "media-too-many-frames",
                "The clip has more than " + limits.maxDecodedFrames() + " frames, the most that are accepted. Cut it"
                        + " into parts.");
    }

    static MediaException timeout(Duration limit) {
        return new MediaException(
                "media-timeout",
                "Reading the clip took longer than " + seconds(limit) + " s. Send a shorter or smaller one.");
    }

    static MediaException stalled(Duration limit) {
        return new MediaException(
                "media-stalled",
                "Reading the clip made no progress for " + seconds(limit)
                        + " s and was stopped. Convert it again, to MP4 with H.264.");
    }

    /** The calling thread was interrupted. */
    static MediaException cancelled(@Nullable Throwable cause) {
        String message = "Reading the media was stopped.";
        return cause == null
                ? new MediaException("media-cancelled", message)
                : new MediaException("media-cancelled", message, cause);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? Long.toString(duration.toSeconds())
                : Double.toString(duration.toMillis() / 1000.0);
    }

    private MediaRules() {}
}
