package dev.saccade.api.sweeping;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** A piece of work that is done again and again on a thread of its own; what it throws is logged once, until it works again. */
public final class Recurring implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Recurring.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

    private final String name;
    private final Duration interval;
    private final BooleanSupplier work;
    private volatile @Nullable Run current;

    /**
     * @param interval between two rounds; there is one more round when it stops
     * @param work says whether there is more to do at once
     */
    public Recurring(String name, Duration interval, BooleanSupplier work) {
        this.name = name;
        this.interval = interval;
        this.work = work;
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
        private final Thread thread = Thread.ofPlatform().name(name).daemon().unstarted(this::loop);
        private boolean failing;

        private void loop() {
            try {
                boolean last;
                do {
                    last = stopping.await(interval.toMillis(), TimeUnit.MILLISECONDS);
                    round();
                } while (!last);
            } catch (InterruptedException stopped) {
                LOG.debug("{} was interrupted", name);
            }
        }

        private void round() {
            try {
                boolean more;
                do {
                    more = work.getAsBoolean();
                } while (more && stopping.getCount() > 0);
                failing = false;
            } catch (RuntimeException failure) {
                if (!failing) {
                    LOG.warn("{} fails at the moment: {}", name, failure.toString());
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
