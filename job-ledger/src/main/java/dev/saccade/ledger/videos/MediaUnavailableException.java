package dev.saccade.ledger.videos;

import java.util.UUID;

/** A job names media that the tenant doesn't have, or that isn't READY. */
public final class MediaUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final UUID videoId;

    public MediaUnavailableException(UUID videoId) {
        super("Video " + videoId + " does not exist or is not ready.");
        this.videoId = videoId;
    }

    public UUID videoId() {
        return videoId;
    }
}
