package dev.saccade.ledger.videos;

import dev.saccade.ledger.ObjectKeys;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of video. */
@Entity
@Table(name = "video")
class VideoEntity {

    @Id
    UUID id;

    @Column(name = "tenant_id", updatable = false)
    UUID tenantId;

    @Column(updatable = false)
    String actor;

    @Column(updatable = false)
    String filename;

    @Enumerated(EnumType.STRING)
    VideoState state;

    @Nullable
    String kind;

    @Nullable
    String sha256;

    @Column(name = "size_bytes")
    @Nullable
    Long sizeBytes;

    @Column(name = "content_type")
    @Nullable
    String contentType;

    @Nullable
    String format;

    @Nullable
    String codec;

    @Nullable
    Integer width;

    @Nullable
    Integer height;

    @Column(name = "duration_seconds")
    @Nullable
    Double durationSeconds;

    @Nullable
    Double fps;

    @Nullable
    Long frames;

    @Column(name = "rejection_code")
    @Nullable
    String rejectionCode;

    @Column(name = "rejection_reason")
    @Nullable
    String rejectionReason;

    @Column(name = "created_at", updatable = false)
    Instant createdAt;

    @Column(name = "finished_at")
    @Nullable
    Instant finishedAt;

    /** Another video of the tenant's, under whose key the bytes lie; null where they lie under this one's. */
    @Column(name = "object_id")
    @Nullable
    UUID objectId;

    /** The database sets these. */
    @Column(name = "expires_at", insertable = false, updatable = false)
    @Nullable
    Instant expiresAt;

    @Column(name = "deleted_at", insertable = false, updatable = false)
    @Nullable
    Instant deletedAt;

    @Column(name = "deletion_code", insertable = false, updatable = false)
    @Nullable
    String deletionCode;

    @SuppressWarnings("NullAway.Init") // Hibernate or VideoLedger fills it
    protected VideoEntity() {}

    void describe(VideoFacts facts) {
        kind = facts.kind();
        sha256 = facts.sha256();
        sizeBytes = facts.sizeBytes();
        contentType = facts.contentType();
        format = facts.format();
        codec = facts.codec();
        width = facts.width();
        height = facts.height();
        durationSeconds = facts.durationSeconds();
        fps = facts.fps();
        frames = facts.frames();
    }

    VideoView toView() {
        return new VideoView(
                id,
                tenantId,
                state,
                filename,
                createdAt,
                facts(),
                rejectionCode,
                rejectionReason,
                holder(),
                expiresAt,
                Deletion.of(deletedAt, deletionCode));
    }

    MediaRef toRef() {
        return new MediaRef(
                id,
                Objects.requireNonNull(kind),
                ObjectKeys.video(tenantId, holder()),
                Objects.requireNonNull(sha256),
                Objects.requireNonNull(sizeBytes));
    }

    /** The video under whose key the bytes lie. */
    UUID holder() {
        return objectId == null ? id : objectId;
    }

    private @Nullable VideoFacts facts() {
        if (sha256 == null) {
            return null;
        }
        return new VideoFacts(
                Objects.requireNonNull(kind),
                sha256,
                Objects.requireNonNull(sizeBytes),
                Objects.requireNonNull(contentType),
                Objects.requireNonNull(format),
                Objects.requireNonNull(codec),
                Objects.requireNonNull(width),
                Objects.requireNonNull(height),
                Objects.requireNonNull(durationSeconds),
                Objects.requireNonNull(fps),
                Objects.requireNonNull(frames));
    }
}
