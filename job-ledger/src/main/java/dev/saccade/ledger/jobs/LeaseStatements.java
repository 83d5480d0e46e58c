package dev.saccade.ledger.jobs;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.audit.AuditRow;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The two moves that every job makes under a lease, each with all that belongs to it in one statement: a single round trip,
 * which is its own transaction where the caller has none. Conditions and times are as in {@link JobRepository}.
 */
final class LeaseStatements {

    private static final String CLAIM = """
            with claimed as (
                update job
                set state = 'RUNNING', lease_token = ?, worker_id = ?, progress = null,
                    lease_until = clock_timestamp() + ? * interval '1 millisecond',
                    started_at = coalesce(started_at, clock_timestamp())
                where id = ? and attempt = ? and state = 'QUEUED'
                    and (queue_deadline is null or queue_deadline > clock_timestamp())
                returning id, tenant_id, attempt, lease_token, worker_id, request, urgency, finish_by
            ), begun as (
                insert into job_attempt (id, tenant_id, job_id, attempt, lease_token, worker_id)
                select ?, tenant_id, id, attempt, lease_token, worker_id from claimed
            ), audited as (
                insert into audit_event (id, tenant_id, actor, action, subject_type, subject_id, detail)
                select ?, tenant_id, ?, ?, 'job', id, ? from claimed
            )
            select tenant_id, request, urgency, finish_by from claimed
            """;

    private static final String SUCCEED = """
            with ended as (
                update job
                set state = 'SUCCEEDED', finished_at = clock_timestamp(), error_code = null, error_message = null,
                    lease_token = null, lease_until = null, worker_id = null
                where id = ? and tenant_id = ? and attempt = ? and lease_token = ? and state = 'RUNNING'
                returning id
            ), attempt_row as (
                update job_attempt set ended_at = clock_timestamp(), outcome = 'SUCCEEDED'
                where job_id = ? and attempt = ? and tenant_id = ? and outcome is null and exists (select from ended)
            ), result_row as (
                insert into job_result (job_id, tenant_id, attempt, text, reasoning, answer, finish_reason,
                    prompt_tokens, completion_tokens, visual_tokens, seed, sampling, frames, timings, warnings,
                    model_name, model_fingerprint, engine_version, completions, prompt_logprobs)
                select id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?::jsonb, ?::jsonb, ?, ?, ?, ?::jsonb, ?::jsonb
                from ended
            ), words_row as (
                insert into job_words (job_id, part, tenant_id, words) select id, 'ANSWERED', ?, %s from ended
            ), audit_row as (
                insert into audit_event (id, tenant_id, actor, action, subject_type, subject_id, detail)
                select ?, ?, ?, ?, 'job', id, ? from ended
            )
            select count(*) from ended
            """.formatted(JobWords.VECTOR.formatted("?", "?"));

    private final JdbcOperations jdbc;

    LeaseStatements(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** What a claim reads of its job. */
    record Claimed(
            UUID tenantId,
            String request,
            Urgency urgency,
            @Nullable Instant finishBy) {}

    /** QUEUED → RUNNING; empty where the job isn't QUEUED at this attempt, or its deadline has passed. */
    Optional<Claimed> claim(UUID jobId, int attempt, UUID token, String worker, long leaseMillis) {
        // the row says whose the job is
        var lease = new Lease(jobId, jobId, attempt, token, worker);
        AuditRow audit = JobJournal.moved(lease, JobState.QUEUED, JobState.RUNNING);
        return jdbc
                .query(
                        CLAIM,
                        (row, number) -> new Claimed(
                                row.getObject(1, UUID.class),
                                row.getString(2),
                                Urgency.valueOf(row.getString(3)),
                                instant(row.getObject(4, OffsetDateTime.class))),
                        token,
                        worker,
                        leaseMillis,
                        jobId,
                        attempt,
                        UuidCreator.getTimeOrderedEpoch(),
                        audit.id(),
                        audit.actor(),
                        audit.action(),
                        audit.detail())
                .stream()
                .findFirst();
    }

    /** RUNNING → SUCCEEDED with its result; false where the lease holds no more. */
    boolean succeed(Lease lease, JobOutcome outcome) {
        var result = ResultEntity.of(lease, outcome);
        var words = JobWords.answered(lease.tenantId(), outcome);
        AuditRow audit = JobJournal.moved(lease, JobState.RUNNING, JobState.SUCCEEDED);
        Long ended = jdbc.queryForObject(
                SUCCEED,
                Long.class,
                lease.jobId(),
                lease.tenantId(),
                lease.attempt(),
                lease.token(),
                lease.jobId(),
                lease.attempt(),
                lease.tenantId(),
                result.tenantId,
                result.attempt,
                result.text,
                result.reasoning,
                result.answer,
                result.finishReason,
                result.promptTokens,
                result.completionTokens,
                result.visualTokens,
                result.seed,
                result.sampling,
                result.frames,
                result.timings,
                result.warnings,
                result.modelName,
                result.modelFingerprint,
                result.engineVersion,
                result.completions,
                result.promptLogprobs,
                lease.tenantId(),
                words.text(),
                words.marks(),
                audit.id(),
                audit.tenantId(),
                audit.actor(),
                audit.action(),
                audit.detail());
        return ended != null && ended == 1;
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
