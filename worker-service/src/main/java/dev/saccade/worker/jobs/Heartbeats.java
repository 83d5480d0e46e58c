package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.JobLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews leases, writes progress, and brings back what the ledger says: go on, cancel, or lost. */
public final class Heartbeats implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

    private final JobLedger ledger;
    private final Duration lease;
    private final Duration interval;
    private final ScheduledThreadPoolExecutor timer;

    /** @param threads heartbeats that may wait for the database at the same time */
    public Heartbeats(JobLedger ledger, Duration lease, Duration interval, int threads) {
        this.ledger = ledger;
        this.lease = lease;
        this.interval = interval;
        this.timer = new ScheduledThreadPoolExecutor(
                threads, Thread.ofPlatform().daemon().name("heartbeat-", 0).factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Heartbeats a job until the returned handle is closed, and halts it when its finish_by passes. */
    Beat begin(RunningJob job, @Nullable Instant finishBy) {
        var tasks = new ArrayList<Future<?>>();
        tasks.add(timer.scheduleWithFixedDelay(
                () -> beat(job), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS));
        if (finishBy != null) {
            tasks.add(timer.schedule(
                    () -> job.halt(Halt.FINISH_BY_PASSED),
                    Duration.between(Instant.now(), finishBy).toMillis(),
                    TimeUnit.MILLISECONDS));
        }
        return new Beat(List.copyOf(tasks));
    }

    /** What runs for one job. */
    record Beat(List<Future<?>> tasks) implements AutoCloseable {

        @Override
        public void close() {
            tasks.forEach(task -> task.cancel(false));
        }
    }

    private void beat(RunningJob job) {
        long before = System.nanoTime();
        try {
            switch (ledger.heartbeat(job.lease(), job.progress().snapshot(), lease)) {
                case CONTINUE -> job.clock().renewed(before);
                case CANCEL_REQUESTED -> {
                    job.clock().renewed(before);
                    job.halt(Halt.CANCEL_REQUESTED);
                }
                case LEASE_LOST -> job.halt(Halt.LEASE_LOST);
            }
        } catch (RuntimeException e) {
            // the database is away: the job goes on for as long as nobody else can have taken it
            LOG.warn("Heartbeat of job {} failed: {}", job.lease().jobId(), e.toString());
            if (job.clock().isHopeless()) {
                job.halt(Halt.LEASE_LOST);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
