package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.ledger.messages.JobHint;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A hint that the broker has handed to this worker and that waits for a free slot: urgent ones first, then in order.
 *
 * @param traceparent the trace that the job belongs to; null for none
 * @param arrival counts up from one delivery to the next
 */
record Delivery(
        JobHint hint,
        @Nullable String traceparent,
        Urgency urgency,
        long arrival,
        JobRunner runner,
        Settlement settlement)
        implements Runnable, Comparable<Delivery> {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final Comparator<Delivery> ORDER =
            Comparator.comparing(Delivery::urgency).thenComparingLong(Delivery::arrival);

    @Override
    public void run() {
        try {
            if (runner.follow(hint, traceparent)) {
                settlement.acknowledge();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.error("The message for job {} could not be handled and is discarded", hint.jobId(), e);
            settlement.discard();
        }
    }

    @Override
    public int compareTo(Delivery other) {
        return ORDER.compare(this, other);
    }
}
