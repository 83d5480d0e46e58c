package dev.saccade.ledger.jobs;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.DatabaseClock;
import dev.saccade.ledger.LedgerSettings;
import dev.saccade.ledger.audit.AuditRow;
import dev.saccade.ledger.messages.JobHint;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
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
    List<New> insert(List<New> jobs) {
        var times = jdbc
                .query(
                        SQL,
                        statement -> fill(statement, jobs),
                        (row, number) ->
                                new Taken(row.getObject(1, UUID.class), DatabaseClock.ofMicros(row.getLong(2))))
                .stream()
                .collect(Collectors.toMap(Taken::id, Taken::at));
        jobs.forEach(one -> one.job().createdAt = Objects.requireNonNull(times.get(one.job().id)));
        return jobs;
    }

    /** Notes which of them name a webhook, in the transaction that inserts them. */
    void insertWebhooks(List<New> rows, List<NewJob> jobs) {
        for (int i = 0; i < rows.size(); i++) {
            if (jobs.get(i).webhookId() != null) {
                jdbc.update(
                        "insert into job_webhook (job_id, tenant_id, webhook_id) values (?, ?, ?)",
                        rows.get(i).job().id,
                        rows.get(i).job().tenantId,
                        jobs.get(i).webhookId());
            }
        }
    }

    private record Taken(UUID id, Instant at) {}

    private void fill(PreparedStatement statement, List<New> jobs) throws SQLException {
        var columns =
                new ArrayParameters<>(statement, jobs.stream().map(Row::of).toList());
        columns.uuids(row -> row.job().id);
        columns.uuids(row -> row.job().tenantId);
        columns.texts(row -> row.job().actor);
        columns.texts(row -> row.job().urgency.name());
        columns.texts(row -> row.job().request);
        columns.texts(row -> row.job().tags);
        columns.times(row -> row.job().startBy);
        columns.times(row -> row.job().finishBy);
        columns.texts(row -> row.job().traceparent);
        columns.texts(row -> row.words().text());
        columns.texts(row -> row.words().marks());
        columns.uuids(row -> UuidCreator.getTimeOrderedEpoch());
        columns.texts(row -> row.job().urgency.routingKey());
        columns.texts(row -> new JobHint(row.job().id, row.job().attempt).toJson());
        columns.uuids(row -> row.audit().id());
        columns.texts(row -> row.audit().detail());
        statement.setInt(columns.next(), settings.maxAttempts());
        statement.setLong(columns.next(), settings.rehintAfter().toMillis());
    }

    private record Row(JobEntity job, JobWords words, AuditRow audit) {

        static Row of(New one) {
            return new Row(one.job(), one.words(), JobJournal.submitted(one.job()));
        }
    }
}
