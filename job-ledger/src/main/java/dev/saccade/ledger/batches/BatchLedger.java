package dev.saccade.ledger.batches;

import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.json.StorableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The life of batches once their lines are taken. Every method is one transaction, but {@link #look}, which has many. */
public final class BatchLedger {

    private static final int LONGEST_NAME = 200;
    private static final int CANCELLED_AT_ONCE = 500;
    private static final long FIRST_PAUSE_MILLIS = 1_000;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    /** A look may take a twentieth of the time, however large the batch. */
    private static final int PAUSES_TO_A_LOOK = 20;

    private static final String UNFINISHED =
            " from batch_item i join job j on j.id = i.job_id where i.batch_id = ? and j.state in ('QUEUED', 'RUNNING')";

    private final JdbcOperations jdbc;
    private final JobLedger jobs;
    private final AuditLog audit;
    private final BatchSettings settings;
    private final TransactionTemplate transaction;

    BatchLedger(
            JdbcOperations jdbc,
            JobLedger jobs,
            AuditLog audit,
            BatchSettings settings,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.jobs = jobs;
        this.audit = audit;
        this.settings = settings;
        transaction = new TransactionTemplate(transactions);
    }

    /** The tenant's batch with its counts; empty for an unknown id and for another tenant's. */
    public Optional<BatchView> find(UUID tenantId, UUID batchId) {
        return row(tenantId, batchId).map(found -> {
            if (found.state() == BatchState.ENDED) {
                return found;
            }
            var counts = counts(batchId);
            boolean over = !counts.unfinished() && found.state() != BatchState.VALIDATING;
            return over && end(batchId) ? row(tenantId, batchId).orElse(found) : found.with(counts);
        });
    }

    /** Newest first, without counts of those that have not ended. */
    public List<BatchView> list(UUID tenantId, @Nullable UUID after, int limit) {
        return jdbc.query(
                "select * from batch where tenant_id = ? and (cast(? as uuid) is null or id < ?) order by id desc limit ?",
                BatchRows::view,
                tenantId,
                after,
                after,
                limit);
    }

    private Optional<BatchView> row(UUID tenantId, UUID batchId) {
        return jdbc
                .query("select * from batch where tenant_id = ? and id = ?", BatchRows::view, tenantId, batchId)
                .stream()
                .findFirst();
    }

    private BatchCounts counts(UUID batchId) {
        Map<String, Long> found = jdbc
                .query(
                        "select j.state, count(*) from batch_item i join job j on j.id = i.job_id"
                                + " where i.batch_id = ? group by j.state",
                        (row, number) -> Map.entry(row.getString(1), row.getLong(2)),
                        batchId)
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Function<String, Long> count = state -> found.getOrDefault(state, 0L);
        return new BatchCounts(
                count.apply("QUEUED"),
                count.apply("RUNNING"),
                count.apply("SUCCEEDED"),
                count.apply("FAILED"),
                count.apply("CANCELLED"),
                count.apply("EXPIRED"));
    }

    /**
     * Has the batch's unfinished jobs cancelled, which goes on after this returns.
     *
     * @return false where it has ended already, or there is no such batch
     */
    public boolean cancel(UUID tenantId, UUID batchId, String actor) {
        return Objects.requireNonNull(transaction.execute(status -> {
            int changed = jdbc.update(
                    "update batch set state = 'CANCELLING', intake_token = null, intake_until = null,"
                            + " look_at = clock_timestamp(),"
                            + " error_code = case state when 'VALIDATING' then 'intake-cancelled' else error_code end,"
                            + " error_message = case state when 'VALIDATING' then"
                            + " 'The batch was cancelled before all its lines had come.' else error_message end"
                            + " where id = ? and tenant_id = ? and state in ('VALIDATING', 'RUNNING')",
                    batchId,
                    tenantId);
            if (changed == 1) {
                var name = StorableText.clip(actor, LONGEST_NAME);
                audit.append(new AuditEntry(tenantId, name, "batch.cancel_requested", "batch", batchId, Map.of()));
            }
            return changed == 1 || row(tenantId, batchId).map(BatchView::state).orElse(null) == BatchState.CANCELLING;
        }));
    }

    /** The next lines with their jobs and results, by number. */
    public List<BatchItem> items(UUID tenantId, UUID batchId, long after, int limit) {
        record Line(
                long line,
                @Nullable String customId,
                @Nullable UUID jobId,
                @Nullable String error) {}
        var lines = jdbc.query(
                "select i.line, i.custom_id, i.job_id, i.error from batch_item i join batch b on b.id = i.batch_id"
                        + " where b.tenant_id = ? and i.batch_id = ? and i.line > ? order by i.line limit ?",
                (row, number) ->
                        new Line(row.getLong(1), row.getString(2), row.getObject(3, UUID.class), row.getString(4)),
                tenantId,
                batchId,
                after,
                limit);
        List<UUID> ids = new ArrayList<>();
        for (var line : lines) {
            if (line.jobId() != null) {
                ids.add(line.jobId());
            }
        }
        Map<UUID, JobView> found =
                jobs.findAll(tenantId, ids).stream().collect(Collectors.toMap(JobView::id, Function.identity()));
        return lines.stream()
                .map(line -> new BatchItem(
                        line.line(),
                        line.customId(),
                        line.jobId() == null ? null : found.get(line.jobId()),
                        line.error()))
                .toList();
    }

    /**
     * Looks at batches that it is time for: ends those whose jobs have ended, goes on cancelling, gives up intakes that broke
     * off long ago, and deletes lines of batches that are over for long. Any number of instances may do so at once.
     *
     * @return whether there may be more to do at once
     */
    public boolean look(int limit) {
        jdbc.update(
                "update batch set state = 'RUNNING', intake_token = null, intake_until = null,"
                        + " error_code = 'intake-abandoned', error_message = ?"
                        + " where state = 'VALIDATING' and intake_until < now() - ? * interval '1 second'",
                "The lines after these never came. Submit them as another batch.",
                settings.abandonedAfter().toSeconds());
        record Due(UUID id, UUID tenantId, boolean cancelling) {}
        var due = Objects.requireNonNull(transaction.execute(status -> jdbc.query(
                "update batch set look_at = clock_timestamp() + interval '30 seconds' where id in"
                        + " (select id from batch where look_at <= now() and state in ('RUNNING', 'CANCELLING')"
                        + " order by look_at limit ? for update skip locked) returning id, tenant_id, state",
                (row, number) -> new Due(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getString(3).equals("CANCELLING")),
                limit)));
        for (var batch : due) {
            long begun = System.nanoTime();
            boolean again = batch.cancelling() && cancelSome(batch.tenantId(), batch.id());
            if (!end(batch.id())) {
                long pause = again
                        ? 0
                        : Math.clamp(
                                PAUSES_TO_A_LOOK * (System.nanoTime() - begun) / 1_000_000,
                                FIRST_PAUSE_MILLIS,
                                LONGEST_PAUSE_MILLIS);
                jdbc.update(
                        "update batch set look_at = clock_timestamp() + ? * interval '1 millisecond' where id = ?",
                        pause,
                        batch.id());
            }
        }
        int forgotten = jdbc.update(
                "delete from batch where id in (select id from batch where state = 'ENDED'"
                        + " and ended_at < now() - ? * interval '1 second' limit 1 for update skip locked)",
                settings.keep().toSeconds());
        return due.size() == limit || forgotten > 0;
    }

    /** Whether there may be more to cancel at once. */
    private boolean cancelSome(UUID tenantId, UUID batchId) {
        List<UUID> ids = jdbc.query(
                "select j.id" + UNFINISHED + " and not j.cancel_requested limit ?",
                (row, number) -> row.getObject(1, UUID.class),
                batchId,
                CANCELLED_AT_ONCE);
        jobs.cancelAll(tenantId, ids, "batch:" + batchId);
        return ids.size() == CANCELLED_AT_ONCE;
    }

    /** The last lines are looked at first: they are the likeliest to be unfinished. */
    private boolean end(UUID batchId) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var open = jdbc.queryForList(
                    "select tenant_id from batch where id = ? and state in ('RUNNING', 'CANCELLING') for update",
                    UUID.class,
                    batchId);
            if (open.isEmpty()) {
                return true;
            }
            if (!jdbc.queryForList("select 1" + UNFINISHED + " order by i.line desc limit 1", Integer.class, batchId)
                    .isEmpty()) {
                return false;
            }
            var counts = counts(batchId);
            jdbc.update(
                    "update batch set state = 'ENDED', ended_at = clock_timestamp(), succeeded = ?, failed = ?,"
                            + " cancelled = ?, expired = ? where id = ?",
                    counts.succeeded(),
                    counts.failed(),
                    counts.cancelled(),
                    counts.expired(),
                    batchId);
            audit.append(new AuditEntry(open.getFirst(), "ledger", "batch.ended", "batch", batchId, Map.of()));
            return true;
        }));
    }
}
