package dev.saccade.ledger.outbox;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.DatabaseClock;
import dev.saccade.ledger.messages.JobHint;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Hints that wait to be published. Several relays may work at once: each locks rows that no other has. */
public final class Outbox {

    private final OutboxRepository rows;
    private final EntityManager entities;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;

    Outbox(
            OutboxRepository rows,
            EntityManager entities,
            DatabaseClock clock,
            PlatformTransactionManager transactions) {
        this.rows = rows;
        this.entities = entities;
        this.clock = clock;
        transaction = new TransactionTemplate(transactions);
    }

    /**
     * Writes a hint in the caller's transaction.
     *
     * @param traceparent the trace that the job belongs to; null for none
     */
    public void add(UUID tenantId, String routingKey, JobHint hint, @Nullable String traceparent) {
        requireTransaction();
        var row = new OutboxEntity();
        row.id = UuidCreator.getTimeOrderedEpoch();
        row.tenantId = tenantId;
        row.jobId = hint.jobId();
        row.attempt = hint.attempt();
        row.routingKey = routingKey;
        row.payload = hint.toJson();
        row.traceparent = traceparent;
        entities.persist(row);
    }

    /**
     * One round of a relay, in one transaction: locks the oldest unpublished rows, hands them to {@code publish}, and marks
     * those whose ids it returns, which the broker must have confirmed. What is not returned stays for the next round; a
     * crash between confirm and commit publishes a hint twice, which does no harm.
     *
     * @param publish is not called where nothing waits; it must bound its own waiting, since a connection is held meanwhile
     * @return how many rows were marked
     */
    public int relay(int limit, Function<List<OutboxRow>, Collection<UUID>> publish) {
        return Objects.requireNonNull(transaction.execute(status -> {
            var batch = lockBatch(limit);
            return batch.isEmpty() ? 0 : markPublished(publish.apply(batch));
        }));
    }

    /**
     * The oldest unpublished rows that nobody else has, locked until the caller's transaction ends.
     *
     * @throws IllegalStateException outside a transaction
     */
    public List<OutboxRow> lockBatch(int limit) {
        requireTransaction();
        return rows.lockUnpublished(limit).stream().map(OutboxEntity::toRow).toList();
    }

    /**
     * Marks rows that the broker confirmed, in the transaction that locked them.
     *
     * @return how many were marked
     */
    public int markPublished(Collection<UUID> ids) {
        requireTransaction();
        return ids.isEmpty() ? 0 : rows.markPublished(ids);
    }

    /** Deletes rows that were published longer ago than this; returns how many, {@code limit} at most. */
    public int purge(Duration age, int limit) {
        return Objects.requireNonNull(transaction.execute(
                status -> rows.deletePublishedBefore(clock.now().minus(age), limit)));
    }

    private static void requireTransaction() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("Outbox rows are written and locked in a transaction of the caller's.");
        }
    }
}
