package dev.saccade.runtime.media;

import dev.saccade.runtime.EngineException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Works on a clip's frames while the next ones are decoded. Where all threads are busy, the caller does the work itself, so
 * that no more frames are in memory than there are threads, and the decoder waits. For one clip.
 */
final class FrameThreads implements AutoCloseable {

    private static final int MOST = 3;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0,
            Math.clamp(Runtime.getRuntime().availableProcessors() - 1, 1, MOST),
            1,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("saccade-frames-", 0).factory(),
            new ThreadPoolExecutor.CallerRunsPolicy());
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /** Does it now or soon; throws what earlier work has thrown. */
    void run(Runnable work) {
        throwIfFailed();
        threads.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            }
        });
    }

    /** Waits until all is done; throws what any of it has thrown. */
    void finish() {
        threads.shutdown();
        await();
        throwIfFailed();
    }

    private void await() {
        try {
            while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                Thread.onSpinWait(); // frames are bounded in size: each ends
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw MediaRules.cancelled(e);
        }
    }

    private void throwIfFailed() {
        switch (failure.get()) {
            case null -> {}
            case EngineException e -> throw e;
            case OutOfMemoryError e -> throw e;
            case Throwable e -> throw new IllegalStateException("a frame can't be resized", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
