package dev.saccade.ledger.usage;

import dev.saccade.ledger.LedgerSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Refuses jobs before the queue of all tenants together grows without bound. What waits is the database's count, read once a
 * second while jobs come in, and what this instance has let in since: so the bound holds to within what other instances let in
 * within a second. The quota of each tenant is the database's, and exact.
 */
public final class QueueBound {

    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final JdbcOperations jdbc;
    private final LedgerSettings settings;
    private final LongSupplier nanoTime;
    private volatile @Nullable Count known;

    QueueBound(JdbcOperations jdbc, LedgerSettings settings, LongSupplier nanoTime) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.nanoTime = nanoTime;
    }

    private record Count(long readAt, AtomicLong queued) {}

    /**
     * Lets jobs in; where they are not submitted then, they count until the next reading.
     *
     * @throws QueueFullException where they would be too many
     */
    public void admit(long jobs) {
        var queued = fresh().queued();
        if (queued.addAndGet(jobs) > settings.maxQueuedJobs()) {
            queued.addAndGet(-jobs);
            throw new QueueFullException();
        }
    }

    private Count fresh() {
        var count = known;
        if (count != null && nanoTime.getAsLong() - count.readAt() < FRESH_NANOS) {
            return count;
        }
        synchronized (this) {
            if (known == count) {
                known = new Count(nanoTime.getAsLong(), new AtomicLong(read()));
            }
            return Objects.requireNonNull(known);
        }
    }

    private long read() {
        return Objects.requireNonNull(
                jdbc.queryForObject("select coalesce(sum(queued_jobs), 0)::bigint from tenant_counter", Long.class));
    }
}
