package dev.saccade.worker.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a worker whose engine has failed for good, by an error of the GPU for example: it takes no more jobs, so that
 * others get those that it would fail at, and says that it is broken. That happens once, on a thread of its own: a drain waits for the threads that
 * follow jobs.
 */
public final class EngineFailure implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(EngineFailure.class);

    private final Runnable stopTaking;
    private final Runnable tell;
    private final AtomicBoolean known = new AtomicBoolean();

    /**
     * @param stopTaking takes no more jobs and waits for those that run
     * @param tell comes after it
     */
    public EngineFailure(Runnable stopTaking, Runnable tell) {
        this.stopTaking = stopTaking;
        this.tell = tell;
    }

    @Override
    public void run() {
        if (known.compareAndSet(false, true)) {
            LOG.error("The engine has failed: this worker takes no more jobs and has to be started anew");
            Thread.ofPlatform().name("engine-failed").start(() -> {
                stopTaking.run();
                tell.run();
            });
        }
    }
}
