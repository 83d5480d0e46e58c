package dev.saccade.ledger.videos;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The statements on video; each binds the tenant. */
interface VideoRepository extends Repository<VideoEntity, UUID> {

    Optional<VideoEntity> findByTenantIdAndId(UUID tenantId, UUID id);

    List<VideoEntity> findByTenantIdAndIdIn(UUID tenantId, Collection<UUID> ids);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select v from VideoEntity v where v.tenantId = :tenantId and v.id = :id and v.state = UPLOADING")
    Optional<VideoEntity> lockUploading(UUID tenantId, UUID id);

    @Query("select v from VideoEntity v where v.tenantId = :tenantId and v.id in (:ids) and v.state = READY")
    List<VideoEntity> ready(UUID tenantId, Collection<UUID> ids);

    /** A READY video with these bytes, which nobody can delete before this transaction ends. */
    @NativeQuery("select * from video where tenant_id = :tenantId and sha256 = :sha256 and size_bytes = :sizeBytes"
            + " and state = 'READY' and id <> :other order by id limit 1 for share")
    Optional<VideoEntity> shareSame(UUID tenantId, UUID other, String sha256, long sizeBytes);

    /** As many of each state, by the index, and of those the newest: nothing is sorted but these. */
    @NativeQuery("select v.* from unnest(cast(:states as text[])) wanted (state) cross join lateral ("
            + "select * from video where tenant_id = :tenantId and state = wanted.state and id < :before"
            + " order by id desc limit :most) v order by v.id desc limit :most")
    List<VideoEntity> list(UUID tenantId, String[] states, UUID before, int most);

    /**
     * Uploads of one request that have been going on since before this time. The one query over all tenants: it only says
     * whose uploads to look at.
     */
    @NativeQuery("select * from video v where state = 'UPLOADING' and created_at < :before"
            + " and not exists (select from upload u where u.video_id = v.id) order by created_at limit :most")
    List<VideoEntity> uploadingSince(Instant before, int most);
}
