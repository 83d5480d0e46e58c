package dev.saccade.ledger.videos;

/**
 * What was found out about an uploaded video or image.
 *
 * @param kind {@code VIDEO} or {@code IMAGE}
 * @param sha256 of the bytes, in lower-case hex
 * @param durationSeconds 0 for an image
 * @param fps frames for each second; 0 for an image
 * @param frames 1 for an image; 0 where it isn't known
 */
public record VideoFacts(
        String kind,
        String sha256,
        long sizeBytes,
        String contentType,
        String format,
        String codec,
        int width,
        int height,
        double durationSeconds,
        double fps,
        long frames) {}
