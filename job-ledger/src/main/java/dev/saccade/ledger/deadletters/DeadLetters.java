package dev.saccade.ledger.deadletters;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.json.StorableText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Messages that the broker gave up on. They decide nothing: a job whose hint died waits, and the sweeper announces it again
 * in time. They show that something is wrong, and let somebody announce the job at once.
 */
public final class DeadLetters {

    private static final int LONGEST_NAME = 200;

    private final JdbcClient sql;
    private final JobLedger jobs;
    private final TransactionTemplate transaction;

    DeadLetters(JdbcTemplate jdbc, JobLedger jobs, PlatformTransactionManager transactions) {
        sql = JdbcClient.create(jdbc);
        this.jobs = jobs;
        transaction = new TransactionTemplate(transactions);
    }

    /** Keeps messages, in one transaction; one that is kept already, by its id, is not kept twice. */
    public void keep(Collection<DeadMessage> dead) {
        transaction.executeWithoutResult(status -> dead.forEach(this::keep));
    }

    private void keep(DeadMessage dead) {
        var hint = dead.hint();
        sql.sql("insert into dead_letter (id, message_id, job_id, tenant_id, attempt, queue, reason, size_bytes) values"
                        + " (:id, :message, :job, (select tenant_id from job where id = :job), :attempt, :queue, :reason,"
                        + " :bytes) on conflict (message_id) do nothing")
                .param("id", UuidCreator.getTimeOrderedEpoch())
                .param("message", dead.id())
                .param("job", hint == null ? null : hint.jobId())
                .param("attempt", hint == null ? null : hint.attempt())
                .param("queue", StorableText.clip(dead.queue(), LONGEST_NAME))
                .param("reason", StorableText.clip(dead.reason(), LONGEST_NAME))
                .param("bytes", dead.bytes())
                .update();
    }

    /**
     * All tenants', newest first.
     *
     * @param after the last id of the page before; null for the first page
     */
    public List<DeadLetter> list(@Nullable UUID after, int limit) {
        return sql.sql(SELECT + " where d.id < coalesce(cast(:after as uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff')"
                        + " order by d.id desc limit :limit")
                .param("after", after)
                .param("limit", limit)
                .query(DeadLetters::read)
                .list();
    }

    public Optional<DeadLetter> find(UUID id) {
        return sql.sql(SELECT + " where d.id = :id")
                .param("id", id)
                .query(DeadLetters::read)
                .optional();
    }

    /**
     * Has the job of a dead letter announced again, which its tenant's audit log tells.
     *
     * @param actor who wants it
     */
    public Requeue requeue(UUID id, String actor) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var letter = find(id).orElse(null);
            if (letter == null) {
                return Requeue.NOT_FOUND;
            }
            if (letter.jobId() == null || letter.tenantId() == null) {
                return Requeue.NO_JOB;
            }
            if (!jobs.hintAgain(letter.tenantId(), letter.jobId(), actor)) {
                return Requeue.NOT_WAITING;
            }
            sql.sql("update dead_letter set requeued_at = clock_timestamp(), requeued_by = :actor where id = :id")
                    .param("actor", StorableText.clip(actor, LONGEST_NAME))
                    .param("id", id)
                    .update();
            return Requeue.DONE;
        }));
    }

    /** Deletes what is older than this; returns how many. */
    public int prune(Duration age, int limit) {
        return sql.sql("delete from dead_letter where id in (select id from dead_letter"
                        + " where kept_at < clock_timestamp() - :millis * interval '1 millisecond'"
                        + " order by kept_at limit :limit for update skip locked)")
                .param("millis", age.toMillis())
                .param("limit", limit)
                .update();
    }

    private static final String SELECT = "select d.id, d.job_id, d.tenant_id, d.attempt, j.state, d.queue, d.reason,"
            + " d.size_bytes, d.kept_at, d.requeued_at, d.requeued_by"
            + " from dead_letter d left join job j on j.id = d.job_id";

    private static DeadLetter read(ResultSet row, int number) throws SQLException {
        var state = row.getString(5);
        return new DeadLetter(
                row.getObject(1, UUID.class),
                row.getObject(2, UUID.class),
                row.getObject(3, UUID.class),
                row.getObject(4, Integer.class),
                state == null ? null : JobState.valueOf(state),
                row.getString(6),
                row.getString(7),
                row.getInt(8),
                Objects.requireNonNull(time(row, 9)),
                time(row, 10),
                row.getString(11));
    }

    private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
