package dev.saccade.ledger.jobs;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.DatabaseClock;
import dev.saccade.ledger.LedgerSettings;
import dev.saccade.ledger.audit.AuditRow;
import dev.saccade.ledger.messages.JobHint;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Takes jobs in, one or a thousand, with all that belongs to them in one statement: a single round trip, which is its own
 * transaction where the caller has none.
 */
final class JobInserts {

    private static final String SQL = """
            with given as materialized (
                select * from unnest(
                    ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[],
                    ?::text[], ?::text[], ?::text[], ?::uuid[], ?::text[], ?::text[], ?::uuid[], ?::text[])
                    as g (id, tenant_id, actor, urgency, request, tags, start_by, finish_by,
                        traceparent, asked, marks, hint_id, routing_key, payload, audit_id, detail)
            ), job_row as (
                insert into job (id, tenant_id, actor, urgency, state, request, tags, attempt, max_attempts,
                    start_by, finish_by, created_at, hint_due_at, traceparent)
                select id, tenant_id, actor, urgency, 'QUEUED', request::jsonb, tags::jsonb, 1, ?,
                    start_by, finish_by, at, at + ? * interval '1 millisecond', traceparent
                from given, (select clock_timestamp() as at) clock
                returning id, created_at
            ), hint_row as (
                insert into outbox (id, tenant_id, job_id, attempt, routing_key, payload, traceparent)
                select hint_id, tenant_id, id, 1, routing_key, payload, traceparent from given
            ), words_row as (
                insert into job_words (job_id, part, tenant_id, words)
                select id, 'ASKED', tenant_id, %s from given
            ), audit_row as (
                insert into audit_event (id, tenant_id, actor, action, subject_type, subject_id, detail)
                select audit_id, tenant_id, actor, 'job.submitted', 'job', id, detail from given
            )
            select id, cast(extract(epoch from created_at) * 1000000 as bigint) from job_row
            """.formatted(JobWords.VECTOR.formatted("asked", "marks"));

    private final JdbcOperations jdbc;
    private final LedgerSettings settings;

    JobInserts(JdbcOperations jdbc, LedgerSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** A job as it is taken in, without its time, which is the database's. */
    record New(JobEntity job, JobWords words) {}

    /** Inserts them and fills in their times. */
    void insert(List<New> jobs) {
        var times = jdbc
                .query(
                        SQL,
                        statement -> fill(statement, jobs),
                        (row, number) ->
                                new Taken(row.getObject(1, UUID.class), DatabaseClock.ofMicros(row.getLong(2))))
                .stream()
                .collect(Collectors.toMap(Taken::id, Taken::at));
        jobs.forEach(one -> one.job().createdAt = Objects.requireNonNull(times.get(one.job().id)));
    }

    private record Taken(UUID id, Instant at) {}

    private void fill(PreparedStatement statement, List<New> jobs) throws SQLException {
        var audit = jobs.stream().map(one -> JobJournal.submitted(one.job())).toList();
        var columns = new Columns(statement, jobs);
        columns.uuids(job -> job.id);
        columns.uuids(job -> job.tenantId);
        columns.texts(job -> job.actor);
        columns.texts(job -> job.urgency.name());
        columns.texts(job -> job.request);
        columns.texts(job -> job.tags);
        columns.times(job -> job.startBy);
        columns.times(job -> job.finishBy);
        columns.texts(job -> job.traceparent);
        columns.add("text", jobs.stream().map(one -> one.words().text()).toArray());
        columns.add("text", jobs.stream().map(one -> one.words().marks()).toArray());
        columns.uuids(job -> UuidCreator.getTimeOrderedEpoch());
        columns.texts(job -> job.urgency.routingKey());
        columns.texts(job -> new JobHint(job.id, job.attempt).toJson());
        columns.add("uuid", audit.stream().map(AuditRow::id).toArray());
        columns.add("text", audit.stream().map(AuditRow::detail).toArray());
        int next = columns.next;
        statement.setInt(next, settings.maxAttempts());
        statement.setLong(next + 1, settings.rehintAfter().toMillis());
    }

    /** The statement's parameters, each an array with one element for each job. */
    private static final class Columns {

        private final PreparedStatement statement;
        private final Connection connection;
        private final List<New> jobs;
        private int next = 1;

        Columns(PreparedStatement statement, List<New> jobs) throws SQLException {
            this.statement = statement;
            this.connection = statement.getConnection();
            this.jobs = jobs;
        }

        void uuids(Function<JobEntity, UUID> value) throws SQLException {
            add("uuid", jobs.stream().map(New::job).map(value).toArray());
        }

        void texts(Function<JobEntity, @Nullable String> value) throws SQLException {
            add("text", jobs.stream().map(one -> value.apply(one.job())).toArray());
        }

        void times(Function<JobEntity, @Nullable Instant> value) throws SQLException {
            add(
                    "timestamptz",
                    jobs.stream()
                            .map(one -> value.apply(one.job()))
                            .map(time -> time == null ? null : time.toString())
                            .toArray());
        }

        void add(String type, @Nullable Object[] values) throws SQLException {
            statement.setArray(next++, connection.createArrayOf(type, values));
        }
    }
}
