package dev.saccade.ledger.videos;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.DatabaseClock;
import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.json.StorableText;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The life of uploads. Every method is one transaction, which joins the caller's where there is one. */
public final class VideoLedger {

    private static final int LONGEST_FILENAME = 1000;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_REASON = 4000;

    private static final UUID LAST_ID = new UUID(-1, -1);

    private final VideoRepository videos;
    private final EntityManager entities;
    private final AuditLog audit;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;

    VideoLedger(
            VideoRepository videos,
            EntityManager entities,
            AuditLog audit,
            DatabaseClock clock,
            PlatformTransactionManager transactions) {
        this.videos = videos;
        this.entities = entities;
        this.audit = audit;
        this.clock = clock;
        transaction = new TransactionTemplate(transactions);
    }

    /** Begins an upload: the row is UPLOADING. A file without a name is called {@code unnamed}. */
    public VideoView begin(UUID tenantId, String actor, String filename) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var video = new VideoEntity();
            video.id = UuidCreator.getTimeOrderedEpoch();
            video.tenantId = tenantId;
            video.actor = StorableText.clip(actor, LONGEST_NAME);
            video.filename = filename.isBlank() ? "unnamed" : StorableText.clip(filename, LONGEST_FILENAME);
            video.state = VideoState.UPLOADING;
            video.createdAt = clock.now();
            entities.persist(video);
            entities.flush(); // for what refers to it in the same transaction
            record(video, "video.upload_begun", Map.of());
            return video.toView();
        }));
    }

    /** The upload is whole and usable. Empty where it isn't UPLOADING any more. */
    public Optional<VideoView> ready(UUID tenantId, UUID videoId, VideoFacts facts) {
        return finish(tenantId, videoId, video -> ready(video, facts));
    }

    /** The same, with the bytes under the key that {@code begun} names. */
    public Optional<VideoView> ready(VideoView begun, VideoFacts facts) {
        return finish(begun.tenantId(), begun.id(), video -> {
            video.objectId = begun.objectId().equals(begun.id()) ? null : begun.objectId();
            return ready(video, facts);
        });
    }

    /**
     * The upload is whole, usable, and what the tenant has already: it shares that video's object and needs none of its own.
     * Empty where the tenant has no such bytes READY, or the upload isn't UPLOADING any more.
     */
    public Optional<VideoView> readyAsBefore(UUID tenantId, UUID videoId, VideoFacts facts) {
        return Objects.requireNonNull(transaction.execute(status -> {
            // until this commits it can't be deleted, so that its object stays
            var same = videos.shareSame(tenantId, videoId, facts.sha256(), facts.sizeBytes());
            return same.flatMap(before -> finish(tenantId, videoId, video -> {
                video.objectId = before.holder();
                return ready(video, facts);
            }));
        }));
    }

    private VideoView ready(VideoEntity video, VideoFacts facts) {
        video.state = VideoState.READY;
        video.describe(facts);
        record(video, "video.ready", Map.of("sha256", facts.sha256(), "size_bytes", facts.sizeBytes()));
        entities.flush();
        entities.refresh(video); // the database has set its expiry
        return video.toView();
    }

    /** The upload can't be used. False where it isn't UPLOADING any more. */
    public boolean reject(UUID tenantId, UUID videoId, String code, String reason) {
        return finish(tenantId, videoId, video -> {
                    video.state = VideoState.REJECTED;
                    video.rejectionCode = StorableText.clip(code, 100);
                    video.rejectionReason = StorableText.clip(reason, LONGEST_REASON);
                    record(video, "video.rejected", Map.of("code", code));
                    return video.toView();
                })
                .isPresent();
    }

    public Optional<VideoView> find(UUID tenantId, UUID videoId) {
        return videos.findByTenantIdAndId(tenantId, videoId).map(VideoEntity::toView);
    }

    /**
     * The tenant's media in these states, newest first.
     *
     * @param after the last id of the page before; null for the first page
     */
    public List<VideoView> list(UUID tenantId, Set<VideoState> states, @Nullable UUID after, int limit) {
        var names = states.stream().map(Enum::name).toArray(String[]::new);
        return videos.list(tenantId, names, after == null ? LAST_ID : after, limit).stream()
                .map(VideoEntity::toView)
                .toList();
    }

    /** Those of these that the tenant has, in no order. */
    public List<VideoView> findAll(UUID tenantId, Collection<UUID> videoIds) {
        return videoIds.isEmpty()
                ? List.of()
                : videos.findByTenantIdAndIdIn(tenantId, videoIds).stream()
                        .map(VideoEntity::toView)
                        .toList();
    }

    /** References to those of these media that are READY, in the given order. */
    public List<MediaRef> refs(UUID tenantId, Collection<UUID> videoIds) {
        if (videoIds.isEmpty()) {
            return List.of();
        }
        Map<UUID, MediaRef> ready = videos.ready(tenantId, videoIds).stream()
                .map(VideoEntity::toRef)
                .collect(Collectors.toMap(MediaRef::videoId, Function.identity()));
        return videoIds.stream().filter(ready::containsKey).map(ready::get).toList();
    }

    /** Rejects uploads that have been going on for longer than this: their process has died. Returns how many. */
    public int rejectAbandoned(Duration age, int limit) {
        var abandoned = videos.uploadingSince(clock.now().minus(age), limit);
        return (int) abandoned.stream()
                .filter(video -> reject(
                        video.tenantId,
                        video.id,
                        "upload-abandoned",
                        "The upload was cut short: upload the file again."))
                .count();
    }

    private Optional<VideoView> finish(UUID tenantId, UUID videoId, Function<VideoEntity, VideoView> change) {
        return Objects.requireNonNull(transaction.execute(
                status -> videos.lockUploading(tenantId, videoId).map(video -> {
                    entities.refresh(video); // the caller's transaction may have read it before the lock
                    video.finishedAt = clock.now();
                    return change.apply(video);
                })));
    }

    private void record(VideoEntity video, String action, Map<String, ?> detail) {
        audit.append(new AuditEntry(video.tenantId, video.actor, action, "video", video.id, detail));
    }
}
