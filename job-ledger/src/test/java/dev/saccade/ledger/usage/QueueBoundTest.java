package dev.saccade.ledger.usage;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.ledger.LedgerSettings;
import dev.saccade.ledger.TestLedger;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QueueBoundTest {

    private static final TestLedger LEDGER = TestLedger.shared();

    private final AtomicLong nanoTime = new AtomicLong();
    private final QueueBound bound =
            new QueueBound(LEDGER.sql(), new LedgerSettings(3, Duration.ofMinutes(5), queued() + 3), nanoTime::get);

    private static long queued() {
        return Long.parseLong(LEDGER.strings("select coalesce(sum(queued_jobs), 0) from tenant_counter")
                .getFirst());
    }

    private void refuses(long jobs) {
        assertThatThrownBy(() -> bound.admit(jobs)).isInstanceOf(QueueFullException.class);
    }

    @Test
    void whatThisInstanceLetsInCountsAtOnce() {
        bound.admit(2);
        refuses(2);
        bound.admit(1);
        refuses(1);
    }

    @Test
    void whatOtherInstancesTookInCountsAndPlacesComeFree() {
        var jobs = LEDGER.jobs().submitAll(Collections.nCopies(3, TestLedger.newJob(LEDGER.newTenant())));
        refuses(1);

        LEDGER.claim(jobs.getFirst().id(), 1, "worker");
        refuses(1);
        nanoTime.addAndGet(Duration.ofSeconds(2).toNanos());
        bound.admit(1);
        refuses(1);
    }
}
