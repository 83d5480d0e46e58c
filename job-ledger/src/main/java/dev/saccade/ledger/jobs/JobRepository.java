package dev.saccade.ledger.jobs;

import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/**
 * The statements on job. What workers and clients do is decided by conditions in the statement itself; times are the
 * database's. {@code clock_timestamp()} grants time, so that a wait for a lock shortens no lease; {@code now()}, the
 * transaction's start, takes it away, so that no lease ends early.
 */
interface JobRepository extends Repository<JobEntity, UUID> {

    /** One row, which says whether the client wants it cancelled, where the lease still holds; else none. */
    @Query(nativeQuery = true, value = """
                    update job
                    set lease_until = clock_timestamp() + cast(:leaseMillis as bigint) * interval '1 millisecond',
                        progress = cast(:progress as jsonb)
                    where id = :jobId and tenant_id = :tenantId and attempt = :attempt and lease_token = :token
                        and state = 'RUNNING'
                    returning cancel_requested
                    """)
    List<Boolean> heartbeat(UUID tenantId, UUID jobId, int attempt, UUID token, String progress, long leaseMillis);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query(nativeQuery = true, value = """
                    update job
                    set state = :state, finished_at = clock_timestamp(), error_code = :errorCode,
                        error_message = :errorMessage, lease_token = null, lease_until = null, worker_id = null
                    where id = :jobId and tenant_id = :tenantId and attempt = :attempt and lease_token = :token
                        and state = 'RUNNING'
                    """)
    int finish(
            UUID tenantId,
            UUID jobId,
            int attempt,
            UUID token,
            String state,
            @Nullable String errorCode,
            @Nullable String errorMessage);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select j from JobEntity j where j.id = :jobId and j.tenantId = :tenantId and j.attempt = :attempt"
            + " and j.leaseToken = :token and j.state = RUNNING")
    Optional<JobEntity> lockLeased(UUID tenantId, UUID jobId, int attempt, UUID token);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select j from JobEntity j where j.id = :jobId and j.tenantId = :tenantId")
    Optional<JobEntity> lockOwned(UUID tenantId, UUID jobId);

    /** By id alone: for a worker that follows a hint, which names no tenant. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select j from JobEntity j where j.id = :jobId")
    Optional<JobEntity> lockHinted(UUID jobId);

    Optional<JobEntity> findByTenantIdAndId(UUID tenantId, UUID id);

    List<JobEntity> findByTenantIdAndIdIn(UUID tenantId, Collection<UUID> ids);

    @Query("select r from ResultEntity r where r.tenantId = :tenantId and r.jobId in :jobIds")
    List<ResultEntity> results(UUID tenantId, Collection<UUID> jobIds);

    @Query("select r from ResultEntity r where r.tenantId = :tenantId and r.jobId = :jobId")
    Optional<ResultEntity> result(UUID tenantId, UUID jobId);

    @Query(
            nativeQuery = true,
            value =
                    "select id from job where state = 'RUNNING' and lease_until < now() order by lease_until limit :limit")
    List<UUID> withLostLease(int limit);

    @Query(
            nativeQuery = true,
            value = "select * from job where id = :jobId and state = 'RUNNING' and lease_until < now()"
                    + " for update skip locked")
    Optional<JobEntity> lockWithLostLease(UUID jobId);

    @Query(
            nativeQuery = true,
            value = "select id from job where state = 'QUEUED' and queue_deadline <= now()"
                    + " order by queue_deadline limit :limit")
    List<UUID> pastDeadline(int limit);

    @Query(
            nativeQuery = true,
            value = "select * from job where id = :jobId and state = 'QUEUED' and queue_deadline <= now()"
                    + " for update skip locked")
    Optional<JobEntity> lockPastDeadline(UUID jobId);

    @Query(nativeQuery = true, value = """
                    select j.* from job j
                    where j.state = 'QUEUED' and j.hint_due_at < now()
                        and not exists (select 1 from outbox o where o.job_id = j.id and o.published_at is null)
                    order by j.hint_due_at limit :limit
                    for update of j skip locked
                    """)
    List<JobEntity> lockWithoutHint(int limit);

    @Query(
            nativeQuery = true,
            value =
                    "select count(*) from (select 1 from job where state = 'QUEUED' and urgency = :urgency limit :most) q")
    long countQueued(String urgency, int most);

    /** One row: jobs of this urgency that came before, and jobs of any of the others; neither counted further than told. */
    @Query(nativeQuery = true, value = """
                    select
                        (select count(*) from (select 1 from job where state = 'QUEUED' and urgency = :urgency
                            and id < :jobId limit :most) a),
                        (select count(*) from (select 1 from job where state = 'QUEUED' and urgency in (:others)
                            limit :most) b)
                    """)
    List<Object[]> countAhead(String urgency, UUID jobId, Collection<String> others, int most);

    /** {@code job_attempt}'s ids begin with the time at which the attempt began. */
    @Query(
            nativeQuery = true,
            value = "select count(*) from (select 1 from job_attempt where id >= :since limit :most) a")
    long countBegun(UUID since, int most);

    @Query("select j.id from JobEntity j where j.id in :jobIds and j.state in (SUCCEEDED, FAILED, CANCELLED, EXPIRED)")
    List<UUID> finished(Collection<UUID> jobIds);
}
