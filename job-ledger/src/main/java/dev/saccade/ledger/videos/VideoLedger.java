package dev.saccade.ledger.videos;

import java.util.Optional;
import java.util.UUID;

/** The life of uploads. Every method is one transaction, which joins the caller's where there is one. */
public final class VideoLedger {

    /** Begins an upload: the row is UPLOADING. */
    public VideoView begin(UUID tenantId, String actor, String filename) {
        throw new UnsupportedOperationException();
    }

    /** The upload is whole and usable. Empty where it isn't UPLOADING any more. */
    public Optional<VideoView> ready(UUID tenantId, UUID videoId, VideoFacts facts) {
        throw new UnsupportedOperationException();
    }

    /** The upload can't be used. False where it isn't UPLOADING any more. */
    public boolean reject(UUID tenantId, UUID videoId, String code, String reason) {
        throw new UnsupportedOperationException();
    }

    public Optional<VideoView> find(UUID tenantId, UUID videoId) {
        throw new UnsupportedOperationException();
    }
}
