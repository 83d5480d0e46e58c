package dev.saccade.api.outbox;

import dev.saccade.ledger.outbox.Outbox;
import dev.saccade.ledger.outbox.OutboxRow;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes hints that the ledger committed: at once after {@link #wake}, else every interval. A row counts as published
 * only when the broker has confirmed it. Any number of instances may share the outbox.
 */
public final class OutboxRelay implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final int BATCH = 100;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(12);

    private final Outbox outbox;
    private final HintPublisher publisher;
    private final Duration interval;
    private final Semaphore wakeUps = new Semaphore(0);
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile @Nullable Run current;

    public OutboxRelay(Outbox outbox, RabbitTemplate template, Duration interval) {
        this.outbox = outbox;
        this.publisher = new HintPublisher(template);
        this.interval = interval;
    }

    /** Says that there is something to publish; call it after the commit. Returns at once. */
    public void wake() {
        wakeUps.release();
    }

    /** Hints that were published since the start. */
    public long published() {
        return published.get();
    }

    /** Rounds that broker or database broke off. */
    public long failures() {
        return failures.get();
    }

    @Override
    public synchronized void start() {
        if (current == null) {
            Run run = new Run();
            current = run;
            run.thread.start();
        }
    }

    @Override
    public synchronized void stop() {
        Run run = current;
        if (run != null) {
            run.end();
            current = null;
        }
    }

    @Override
    public boolean isRunning() {
        return current != null;
    }

    /** One life of the relay's thread, from start to stop. */
    private final class Run {

        private final CountDownLatch stopping = new CountDownLatch(1);
        private final Thread thread =
                Thread.ofPlatform().name("outbox-relay").daemon().unstarted(this::loop);
        private int failures;

        private void loop() {
            try {
                while (stopping.getCount() > 0) {
                    String failure = round();
                    if (failure == null) {
                        recovered();
                        if (wakeUps.tryAcquire(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                            wakeUps.drainPermits();
                        }
                    } else {
                        pause(failure);
                    }
                }
            } catch (InterruptedException stopped) {
                LOG.debug("The relay was interrupted; what was not confirmed is published again by the next one");
            }
        }

        /** Publishes until the outbox is empty; returns what went wrong, or null. */
        private @Nullable String round() throws InterruptedException {
            Batch batch = new Batch();
            try {
                do {
                    batch.size = 0; // nobody is called where nothing waits
                    published.addAndGet(outbox.relay(BATCH, batch));
                } while (batch.size == BATCH && batch.failure == null && stopping.getCount() > 0);
            } catch (RuntimeException failure) {
                return "the database does not answer (" + failure.getMessage() + ")";
            }
            if (batch.interrupted) {
                throw new InterruptedException();
            }
            return batch.failure;
        }

        private void recovered() {
            if (failures > 0) {
                LOG.info("Hints are published again");
                failures = 0;
            }
        }

        private void pause(String failure) throws InterruptedException {
            if (failures == 0) {
                LOG.warn("Hints wait in the outbox, nothing is lost: {}", failure);
            }
            long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 10));
            failures++;
            OutboxRelay.this.failures.incrementAndGet();
            boolean stopped = stopping.await(pause, TimeUnit.MILLISECONDS);
            LOG.debug("Paused for {} ms, stopped: {}", pause, stopped);
        }

        private void end() {
            stopping.countDown();
            wakeUps.release();
            try {
                if (!thread.join(STOP_TIMEOUT)) {
                    thread.interrupt();
                }
            } catch (InterruptedException hurried) {
                thread.interrupt();
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Publishes the rows that one transaction locked. */
    private final class Batch implements java.util.function.Function<List<OutboxRow>, Collection<UUID>> {

        private int size;
        private boolean interrupted;
        private @Nullable String failure;

        @Override
        public Collection<UUID> apply(List<OutboxRow> rows) {
            size = rows.size();
            if (rows.isEmpty()) {
                return List.of();
            }
            try {
                HintPublisher.Outcome outcome = publisher.publish(rows);
                failure = outcome.failure();
                return outcome.confirmed();
            } catch (InterruptedException stopped) {
                interrupted = true;
                return List.of();
            }
        }
    }
}
