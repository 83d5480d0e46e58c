package dev.saccade.ledger.uploads;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An upload to begin.
 *
 * @param filename for display
 * @param sizeBytes of the whole file
 * @param partBytes of each part but the last
 * @param sha256 that the file is to have, in lower-case hex; null where it isn't known yet
 * @param life after which it is given up
 */
public record NewUpload(
        Protocol protocol,
        String filename,
        long sizeBytes,
        long partBytes,
        @Nullable String sha256,
        Duration life) {

    /** How the bytes come. */
    public enum Protocol {
        /** The client writes them to the store itself, at addresses that it was given. */
        PRESIGNED,
        /** By requests to the API, each beginning where the last one ended. */
        TUS
    }
}
