package dev.saccade.api.jobs;

import dev.saccade.ledger.jobs.JobLedger;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Clients that wait for their jobs to end. One thread asks the ledger for all of them at once, and only while somebody
 * waits; no request's thread is held meanwhile.
 */
public final class JobWaits implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(JobWaits.class);
    private static final long INTERVAL_MILLIS = 25;
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 1_000;
    private static final int MOST_WAITERS = 5_000;

    private final JobLedger ledger;
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private final Semaphore arrivals = new Semaphore(0);
    private volatile @Nullable Thread thread;

    public JobWaits(JobLedger ledger) {
        this.ledger = ledger;
    }

    private record Waiter(UUID jobId, long until, CompletableFuture<Void> done) {}

    /** Completes when the job has ended, the time is over, or this instance stops; at once where too many wait already. */
    public CompletableFuture<Void> ended(UUID jobId, Duration atMost) {
        var waiter = new Waiter(jobId, System.nanoTime() + atMost.toNanos(), new CompletableFuture<>());
        if (thread == null || waiters.size() >= MOST_WAITERS) {
            waiter.done().complete(null);
        } else {
            waiters.add(waiter);
            arrivals.release();
        }
        return waiter.done();
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            // known before it runs: its loop ends where it isn't the one
            Thread fresh = Thread.ofPlatform().name("job-waits").daemon().unstarted(this::loop);
            thread = fresh;
            fresh.start();
        }
    }

    /** Before the web server drains, so that its clients get an answer. */
    @Override
    public synchronized void stop() {
        Thread running = thread;
        if (running != null) {
            thread = null;
            running.interrupt();
            waiters.forEach(this::release);
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void loop() {
        try {
            while (thread == Thread.currentThread()) {
                if (waiters.isEmpty()) {
                    arrivals.acquire();
                } else {
                    TimeUnit.MILLISECONDS.sleep(round() ? INTERVAL_MILLIS : PAUSE_AFTER_FAILURE_MILLIS);
                }
                arrivals.drainPermits();
            }
        } catch (InterruptedException stopped) {
            LOG.debug("Nobody waits for jobs any more");
        }
    }

    /** False where the ledger could not be asked. */
    private boolean round() {
        long now = System.nanoTime();
        waiters.stream().filter(waiter -> now - waiter.until() >= 0).forEach(this::release);
        try {
            var finished = ledger.finished(waiters.stream().map(Waiter::jobId).collect(Collectors.toSet()));
            waiters.stream().filter(waiter -> finished.contains(waiter.jobId())).forEach(this::release);
            return true;
        } catch (RuntimeException failure) {
            LOG.debug(
                    "The ledger does not answer; those who wait are told what is known when their time is over",
                    failure);
            return false;
        }
    }

    private void release(Waiter waiter) {
        if (waiters.remove(waiter)) {
            // what comes next asks the database: not on this thread, for which all others wait
            waiter.done().completeAsync(() -> null, task -> Thread.ofVirtual().start(task));
        }
    }
}
