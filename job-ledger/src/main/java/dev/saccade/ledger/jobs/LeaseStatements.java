package dev.saccade.ledger.jobs;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.audit.AuditRow;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * The two moves that every job makes under a lease, each with all that belongs to it in one statement: a single round trip,
 * which is its own transaction where the caller has none, for one job or for a group. Conditions and times are as in
 * {@link JobRepository}. Rows are found by {@code any(ids)}, so that partitions that hold none of them are left out.
 */
final class LeaseStatements {

    private static final String CLAIM = """
            with given as materialized (
                select * from unnest(?::uuid[], ?::int[], ?::uuid[], ?::text[], ?::bigint[],
                        ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[])
                    as g (id, attempt, token, worker, lease_millis, attempt_id, audit_id, actor, action, detail)
            ), claimed as (
                update job
                set state = 'RUNNING', lease_token = g.token, worker_id = g.worker, progress = null,
                    lease_until = clock_timestamp() + g.lease_millis * interval '1 millisecond',
                    started_at = coalesce(job.started_at, clock_timestamp())
                from given g
                where job.id = any(?::uuid[]) and job.id = g.id and job.attempt = g.attempt and job.state = 'QUEUED'
                    and (job.queue_deadline is null or job.queue_deadline > clock_timestamp())
                returning job.id, job.tenant_id, job.attempt, job.lease_token, job.worker_id, job.request, job.urgency,
                    job.finish_by, g.attempt_id, g.audit_id, g.actor, g.action, g.detail
            ), begun as (
                insert into job_attempt (id, tenant_id, job_id, attempt, lease_token, worker_id)
                select attempt_id, tenant_id, id, attempt, lease_token, worker_id from claimed
            ), audited as (
                insert into audit_event (id, tenant_id, actor, action, subject_type, subject_id, detail)
                select audit_id, tenant_id, actor, action, 'job', id, detail from claimed
            )
            select id, tenant_id, request, urgency, finish_by from claimed
            """;

    private static final String SUCCEED = """
            with given as materialized (
                select * from unnest(?::uuid[], ?::uuid[], ?::int[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[],
                        ?::int[], ?::int[], ?::int[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[],
                        ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                        ?::uuid[], ?::text[], ?::text[], ?::text[])
                    as g (id, tenant_id, attempt, token, text, reasoning, answer, finish_reason,
                        prompt_tokens, completion_tokens, visual_tokens, seed, sampling, frames, timings, warnings,
                        model_name, model_fingerprint, engine_version, completions, prompt_logprobs, words, marks,
                        audit_id, actor, action, detail)
            ), ended as (
                update job
                set state = 'SUCCEEDED', finished_at = clock_timestamp(), error_code = null, error_message = null,
                    lease_token = null, lease_until = null, worker_id = null
                from given g
                where job.id = any(?::uuid[]) and job.id = g.id and job.tenant_id = g.tenant_id
                    and job.attempt = g.attempt and job.lease_token = g.token and job.state = 'RUNNING'
                returning job.id
            ), done as (
                select g.* from given g join ended using (id)
            ), attempt_row as (
                update job_attempt a set ended_at = clock_timestamp(), outcome = 'SUCCEEDED'
                from done d
                where a.job_id = any(?::uuid[]) and a.job_id = d.id and a.attempt = d.attempt
                    and a.tenant_id = d.tenant_id and a.outcome is null
            ), result_row as (
                insert into job_result (job_id, tenant_id, attempt, text, reasoning, answer, finish_reason,
                    prompt_tokens, completion_tokens, visual_tokens, seed, sampling, frames, timings, warnings,
                    model_name, model_fingerprint, engine_version, completions, prompt_logprobs)
                select id, tenant_id, attempt, text, reasoning, answer, finish_reason,
                    prompt_tokens, completion_tokens, visual_tokens, seed, sampling::jsonb, frames::jsonb, timings::jsonb,
                    warnings::jsonb, model_name, model_fingerprint, engine_version, completions::jsonb,
                    prompt_logprobs::jsonb
                from done
            ), words_row as (
                insert into job_words (job_id, part, tenant_id, words) select id, 'ANSWERED', tenant_id, %s from done
            ), audit_row as (
                insert into audit_event (id, tenant_id, actor, action, subject_type, subject_id, detail)
                select audit_id, tenant_id, actor, action, 'job', id, detail from done
            )
            select id from ended
            """.formatted(JobWords.VECTOR.formatted("words", "marks"));

    private final JdbcOperations jdbc;

    LeaseStatements(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** A worker that wants a job at this attempt, under this token. */
    record Claim(UUID jobId, int attempt, UUID token, String worker, long leaseMillis) {

        private AuditRow audit() {
            // the row says whose the job is
            return JobJournal.moved(new Lease(jobId, jobId, attempt, token, worker), JobState.QUEUED, JobState.RUNNING);
        }
    }

    /** What a claim reads of its job. */
    record Claimed(
            UUID tenantId,
            String request,
            Urgency urgency,
            @Nullable Instant finishBy) {

        private static Claimed of(ResultSet row) throws SQLException {
            var finishBy = row.getObject(5, OffsetDateTime.class);
            return new Claimed(
                    row.getObject(2, UUID.class),
                    row.getString(3),
                    Urgency.valueOf(row.getString(4)),
                    finishBy == null ? null : finishBy.toInstant());
        }
    }

    /** An attempt that has a result. */
    record Success(Lease lease, JobOutcome outcome) {}

    /**
     * QUEUED → RUNNING, each empty where the job isn't QUEUED at this attempt, or its deadline has passed.
     *
     * @param claims of different jobs
     */
    List<Optional<Claimed>> claim(List<Claim> claims) {
        Map<UUID, Claimed> claimed = new HashMap<>();
        jdbc.query(CLAIM, statement -> fillClaims(statement, claims), row -> {
            claimed.put(row.getObject(1, UUID.class), Claimed.of(row));
        });
        return claims.stream()
                .map(claim -> Optional.ofNullable(claimed.get(claim.jobId())))
                .toList();
    }

    private static void fillClaims(PreparedStatement statement, List<Claim> claims) throws SQLException {
        record Row(Claim claim, AuditRow audit) {}
        var columns = new ArrayParameters<>(
                statement,
                claims.stream().map(claim -> new Row(claim, claim.audit())).toList());
        columns.uuids(row -> row.claim().jobId());
        columns.integers(row -> row.claim().attempt());
        columns.uuids(row -> row.claim().token());
        columns.texts(row -> row.claim().worker());
        columns.longs(row -> row.claim().leaseMillis());
        columns.uuids(row -> UuidCreator.getTimeOrderedEpoch());
        columns.uuids(row -> row.audit().id());
        columns.texts(row -> row.audit().actor());
        columns.texts(row -> row.audit().action());
        columns.texts(row -> row.audit().detail());
        columns.uuids(row -> row.claim().jobId());
    }

    /**
     * RUNNING → SUCCEEDED with its result, each false where the lease holds no more.
     *
     * @param successes of different jobs
     */
    List<Boolean> succeed(List<Success> successes) {
        Set<UUID> ended = new HashSet<>();
        jdbc.query(SUCCEED, statement -> fillSuccesses(statement, successes), row -> {
            ended.add(row.getObject(1, UUID.class));
        });
        return successes.stream()
                .map(success -> ended.contains(success.lease().jobId()))
                .toList();
    }

    private static void fillSuccesses(PreparedStatement statement, List<Success> successes) throws SQLException {
        record Row(Lease lease, ResultEntity result, JobWords words, AuditRow audit) {
            static Row of(Success one) {
                return new Row(
                        one.lease(),
                        ResultEntity.of(one.lease(), one.outcome()),
                        JobWords.answered(one.lease().tenantId(), one.outcome()),
                        JobJournal.moved(one.lease(), JobState.RUNNING, JobState.SUCCEEDED));
            }
        }
        var columns =
                new ArrayParameters<>(statement, successes.stream().map(Row::of).toList());
        columns.uuids(row -> row.lease().jobId());
        columns.uuids(row -> row.lease().tenantId());
        columns.integers(row -> row.lease().attempt());
        columns.uuids(row -> row.lease().token());
        columns.texts(row -> row.result().text);
        columns.texts(row -> row.result().reasoning);
        columns.texts(row -> row.result().answer);
        columns.texts(row -> row.result().finishReason);
        columns.integers(row -> row.result().promptTokens);
        columns.integers(row -> row.result().completionTokens);
        columns.integers(row -> row.result().visualTokens);
        columns.longs(row -> row.result().seed);
        columns.texts(row -> row.result().sampling);
        columns.texts(row -> row.result().frames);
        columns.texts(row -> row.result().timings);
        columns.texts(row -> row.result().warnings);
        columns.texts(row -> row.result().modelName);
        columns.texts(row -> row.result().modelFingerprint);
        columns.texts(row -> row.result().engineVersion);
        columns.texts(row -> row.result().completions);
        columns.texts(row -> row.result().promptLogprobs);
        columns.texts(row -> row.words().text());
        columns.texts(row -> row.words().marks());
        columns.uuids(row -> row.audit().id());
        columns.texts(row -> row.audit().actor());
        columns.texts(row -> row.audit().action());
        columns.texts(row -> row.audit().detail());
        columns.uuids(row -> row.lease().jobId());
        columns.uuids(row -> row.lease().jobId());
    }
}
