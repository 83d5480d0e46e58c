package dev.saccade.runtime.media;

/**
 * What a media file is, found from its content and never from its name.
 *
 * @param format container: {@code mp4}, {@code matroska}, {@code jpeg} or {@code png}
 * @param codec video codec, e.g. {@code h264}; the format again for an image
 * @param width width of a frame in pixels, before any rotation tag is applied
 * @param height height of a frame in pixels
 * @param durationSeconds length of the clip; 0 for an image
 * @param fps average frames for each second; 0 for an image
 * @param frames frames in the file; 1 for an image
 */
public record ClipFacts(
        Kind kind,
        String format,
        String codec,
        int width,
        int height,
        double durationSeconds,
        double fps,
        long frames) {

    /** Whether time passes in it. */
    public enum Kind {
        VIDEO,
        IMAGE
    }
}
