package dev.saccade.ledger.events;

import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.tenants.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads what streams of events need: the states that a job went through, and who may still listen. */
public final class JobEvents {

    private static final int LONGEST_READ_SECONDS = 5;

    private final JdbcTemplate sql;

    JobEvents(DataSource database) {
        sql = new JdbcTemplate(database);
        sql.setQueryTimeout(LONGEST_READ_SECONDS);
    }

    /** All that happened to a tenant's job, in order; empty for an unknown id and for another tenant's. */
    public List<JobEvent> of(UUID tenantId, UUID jobId) {
        return sql.query("""
                select e.position, e.state, e.attempt, e.at, a.error_code, a.error_message
                from job_event e
                left join job_attempt a on e.state = 'QUEUED' and a.job_id = e.job_id and a.attempt = e.attempt - 1
                where e.job_id = ? and e.tenant_id = ?
                order by e.position
                """, (row, number) -> event(row), jobId, tenantId);
    }

    /** Where each of these jobs stands now; one that is gone is missing. */
    public Map<UUID, Integer> positions(Collection<UUID> jobIds) {
        var positions = new HashMap<UUID, Integer>();
        sql.query(
                "select id, state, attempt from job where id = any(?)",
                row -> {
                    positions.put(
                            row.getObject(1, UUID.class),
                            JobEvent.position(JobState.valueOf(row.getString(2)), row.getInt(3)));
                },
                (Object) jobIds.toArray(UUID[]::new));
        return positions;
    }

    /** Those of these API keys that may still read jobs. */
    public Set<UUID> keysThatMayListen(Collection<UUID> keyIds) {
        return new HashSet<>(sql.query(
                "select id from api_key where id = any(?) and revoked_at is null"
                        + " and (expires_at is null or expires_at > clock_timestamp()) and ? = any(scopes)",
                (row, number) -> Objects.requireNonNull(row.getObject(1, UUID.class)),
                keyIds.toArray(UUID[]::new),
                Scope.JOBS_READ.text()));
    }

    private static JobEvent event(ResultSet row) throws SQLException {
        return new JobEvent(
                row.getInt("position"),
                JobState.valueOf(row.getString("state")),
                row.getInt("attempt"),
                row.getTimestamp("at").toInstant(),
                error(row.getString("error_code"), row.getString("error_message")));
    }

    private static @Nullable JobError error(@Nullable String code, @Nullable String message) {
        return code == null || message == null ? null : new JobError(code, message);
    }
}
