package dev.saccade.ledger.jobs;

import dev.saccade.ledger.audit.AuditRow;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;

/** A cancel of many jobs: two statements, of which the second moves them all. They belong into one transaction. */
final class CancelStatements {

    /** What another holds now is not waited for: with locks of other jobs in hand that could be a deadlock. */
    private static final String LOCK = """
            select id, state, attempt from job
            where tenant_id = ? and id = any(?::uuid[]) and state in ('QUEUED', 'RUNNING') and not cancel_requested
            for update skip locked
            """;

    private static final String CANCEL = """
            with audited as (
                insert into audit_event (id, tenant_id, actor, action, subject_type, subject_id, detail)
                select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::uuid[], ?::text[])
            )
            update job
            set cancel_requested = true,
                state = case state when 'QUEUED' then 'CANCELLED' else state end,
                finished_at = case state when 'QUEUED' then clock_timestamp() else finished_at end
            where id = any(?::uuid[])
            """;

    private final JdbcOperations jdbc;

    CancelStatements(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /** A job that is unfinished, and locked by this transaction. */
    record Open(UUID id, JobState state, int attempt) {}

    /** Those of these jobs that are unfinished, not asked to stop yet, and held by nobody. */
    List<Open> lock(UUID tenantId, Collection<UUID> ids) {
        return jdbc.query(
                connection -> {
                    var statement = connection.prepareStatement(LOCK);
                    statement.setObject(1, tenantId);
                    statement.setArray(2, connection.createArrayOf("uuid", ids.toArray()));
                    return statement;
                },
                (row, number) ->
                        new Open(row.getObject(1, UUID.class), JobState.valueOf(row.getString(2)), row.getInt(3)));
    }

    /** QUEUED → CANCELLED, or the request to stop of one that runs. */
    void cancel(UUID tenantId, List<Open> jobs, String actor) {
        jdbc.update(CANCEL, statement -> fill(statement, tenantId, jobs, actor));
    }

    private static void fill(PreparedStatement statement, UUID tenantId, List<Open> jobs, String actor)
            throws SQLException {
        var columns = new ArrayParameters<>(
                statement,
                jobs.stream()
                        .map(job -> JobJournal.cancelled(tenantId, job, actor))
                        .toList());
        columns.uuids(AuditRow::id);
        columns.uuids(AuditRow::tenantId);
        columns.texts(AuditRow::actor);
        columns.texts(AuditRow::action);
        columns.texts(AuditRow::subjectType);
        columns.uuids(AuditRow::subjectId);
        columns.texts(AuditRow::detail);
        columns.uuids(AuditRow::subjectId);
    }
}
