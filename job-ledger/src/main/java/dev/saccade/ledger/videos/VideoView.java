package dev.saccade.ledger.videos;

import dev.saccade.ledger.ObjectKeys;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An uploaded video or image as it stood when it was read.
 *
 * @param facts set when READY or DELETED after having been READY
 * @param rejectionCode set when REJECTED, with {@code rejectionReason}
 * @param objectId the video under whose key the bytes lie: this one, or an earlier one of the tenant's with the same bytes
 * @param expiresAt when it is deleted; null where its tenant keeps media for ever
 * @param deletion set when DELETED
 */
public record VideoView(
        UUID id,
        UUID tenantId,
        VideoState state,
        String filename,
        Instant createdAt,
        @Nullable VideoFacts facts,
        @Nullable String rejectionCode,
        @Nullable String rejectionReason,
        UUID objectId,
        @Nullable Instant expiresAt,
        @Nullable Deletion deletion) {

    /** The same, with its bytes under the key of this object. */
    public VideoView withObject(UUID object) {
        return new VideoView(
                id,
                tenantId,
                state,
                filename,
                createdAt,
                facts,
                rejectionCode,
                rejectionReason,
                object,
                expiresAt,
                deletion);
    }

    /** Where its bytes are in the store's bucket. */
    public String objectKey() {
        return ObjectKeys.video(tenantId, objectId);
    }
}
