package dev.saccade.ledger.videos;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a video is DELETED, and since when.
 *
 * @param code {@link #REQUESTED} or {@link #EXPIRED}
 */
public record Deletion(Instant at, String code) {

    /** Somebody of the tenant's deleted it. */
    public static final String REQUESTED = "deleted";

    /** The time that its tenant keeps media was over. */
    public static final String EXPIRED = "expired";

    static @Nullable Deletion of(@Nullable Instant at, @Nullable String code) {
        return at == null || code == null ? null : new Deletion(at, code);
    }
}
