package dev.saccade.ledger.outbox;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.messages.JobHint;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Hints that wait to be published; what is published is deleted, so that the table stays as small as what waits. Several
 * relays may work at once: each locks rows that no other has.
 */
public final class Outbox {

    private final JdbcOperations jdbc;
    private final TransactionTemplate transaction;

    Outbox(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        transaction = new TransactionTemplate(transactions);
    }

    /**
     * Writes a hint in the caller's transaction.
     *
     * @param traceparent the trace that the job belongs to; null for none
     */
    public void add(UUID tenantId, String routingKey, JobHint hint, @Nullable String traceparent) {
        requireTransaction();
        jdbc.update(
                "insert into outbox (id, tenant_id, job_id, attempt, routing_key, payload, traceparent)"
                        + " values (?, ?, ?, ?, ?, ?, ?)",
                UuidCreator.getTimeOrderedEpoch(),
                tenantId,
                hint.jobId(),
                hint.attempt(),
                routingKey,
                hint.toJson(),
                traceparent);
    }

    /**
     * One round of a relay, in one transaction: locks the oldest rows, hands them to {@code publish}, and deletes those whose
     * ids it returns, which the broker must have confirmed. What is not returned stays for the next round; a crash between
     * confirm and commit publishes a hint twice, which does no harm.
     *
     * @param publish is not called where nothing waits; it must bound its own waiting, since a connection is held meanwhile
     * @return how many rows were published
     */
    public int relay(int limit, Function<List<OutboxRow>, Collection<UUID>> publish) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var batch = lockBatch(limit);
            return batch.isEmpty() ? 0 : published(publish.apply(batch));
        }));
    }

    /**
     * The oldest rows that nobody else has, locked until the caller's transaction ends.
     *
     * @throws IllegalStateException outside a transaction
     */
    public List<OutboxRow> lockBatch(int limit) {
        requireTransaction();
        return jdbc.query(
                "select id, routing_key, job_id, attempt, payload, traceparent from outbox where published_at is null"
                        + " order by id limit ? for update skip locked",
                (row, number) -> new OutboxRow(
                        row.getObject(1, UUID.class),
                        row.getString(2),
                        row.getObject(3, UUID.class),
                        row.getInt(4),
                        row.getString(5),
                        row.getString(6)),
                limit);
    }

    /**
     * Deletes rows that the broker confirmed, in the transaction that locked them.
     *
     * @return how many were deleted
     */
    public int published(Collection<UUID> ids) {
        requireTransaction();
        return ids.isEmpty()
                ? 0
                : jdbc.update("delete from outbox where id = any(?)", (Object) ids.toArray(UUID[]::new));
    }

    /** Deletes rows that instances of before have marked as published longer ago than this; returns how many. */
    public int purge(Duration age, int limit) {
        return jdbc.update(
                "delete from outbox where id in (select id from outbox"
                        + " where published_at < clock_timestamp() - ? * interval '1 millisecond'"
                        + " order by published_at limit ? for update skip locked)",
                age.toMillis(),
                limit);
    }

    private static void requireTransaction() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("Outbox rows are written and locked in a transaction of the caller's.");
        }
    }
}
