package dev.saccade.worker.jobs;

import java.time.Duration;

/**
 * How long the worker may believe that a job is its own. Counts from before each call that took or renewed the lease, on
 * a clock that never jumps, so it errs on the safe side of the database's.
 */
final class LeaseClock {

    private final long leaseNanos;
    private volatile long renewedAt;

    /** @param renewedAt {@link System#nanoTime} before the call that took the lease */
    LeaseClock(Duration lease, long renewedAt) {
        this.leaseNanos = lease.toNanos();
        this.renewedAt = renewedAt;
    }

    void renewed(long at) {
        renewedAt = at;
    }

    /**
     * Whether the job is surely another's by now: a whole lease after it ran out, any sweeper that can reach the database
     * has queued the job again. Until then it is worth trying, because the ledger refuses what comes too late.
     */
    boolean isHopeless() {
        return System.nanoTime() - renewedAt > 2 * leaseNanos;
    }
}
