package dev.saccade.api.sweeping;

import dev.saccade.ledger.idempotency.IdempotentAnswers;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.videos.VideoLedger;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Lets the ledger sweep at an interval. Any number of instances may do so at once. */
public final class Sweeper implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int BATCH = 100;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    /** Longer than any upload takes: whoever received it has died. */
    private static final Duration ABANDONED_UPLOAD = Duration.ofHours(6);

    private final JobLedger jobs;
    private final VideoLedger videos;
    private final IdempotentAnswers answers;
    private final Runnable afterChange;
    private final Duration interval;
    private final AtomicLong swept = new AtomicLong();
    private volatile @Nullable Run current;

    /** @param afterChange runs after a sweep that touched jobs, which may have left hints to publish */
    public Sweeper(
            JobLedger jobs, VideoLedger videos, IdempotentAnswers answers, Runnable afterChange, Duration interval) {
        this.jobs = jobs;
        this.videos = videos;
        this.answers = answers;
        this.afterChange = afterChange;
        this.interval = interval;
    }

    /** Jobs that were put right since the start. */
    public long swept() {
        return swept.get();
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

    private final class Run {

        private final CountDownLatch stopping = new CountDownLatch(1);
        private final Thread thread =
                Thread.ofPlatform().name("job-sweeper").daemon().unstarted(this::loop);
        private boolean failing;

        private void loop() {
            try {
                while (!stopping.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                    sweep();
                }
            } catch (InterruptedException stopped) {
                LOG.debug("The sweeper was interrupted; the next sweep finds the same jobs");
            }
        }

        private void sweep() {
            try {
                int touched;
                do {
                    touched = jobs.sweep(BATCH);
                    swept.addAndGet(touched);
                    if (touched > 0) {
                        LOG.info("Swept {} jobs", touched);
                        afterChange.run();
                    }
                } while (touched == BATCH && stopping.getCount() > 0);
                videos.rejectAbandoned(ABANDONED_UPLOAD, BATCH);
                answers.forget(BATCH);
                failing = false;
            } catch (RuntimeException failure) {
                if (!failing) {
                    LOG.warn("Jobs can't be swept at the moment: {}", failure.toString());
                }
                failing = true;
            }
        }

        private void end() {
            stopping.countDown();
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
}
