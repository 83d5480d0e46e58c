package dev.saccade.runtime.device.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Splits a loop over a few platform threads. The caller works too, so that a pool of one thread has no helper at all.
 * Threads that have nothing to do sleep.
 */
final class ComputePool implements AutoCloseable {

    /** Below so many multiply-adds a loop is done before a sleeping helper has woken. */
    private static final long WORTH_SHARING = 1_500_000;

    /** Multiply-adds of one share: small enough for balance, large enough to hide the counter. */
    private static final long SHARE = 250_000;

    /** Part {@code [from, to)} of a loop. {@code worker} numbers the thread, for scratch memory. */
    interface Body {
        void run(int worker, int from, int to);
    }

    private final List<Thread> helpers = new ArrayList<>();
    private final Semaphore wake = new Semaphore(0);
    private volatile @Nullable Loop current;
    private volatile boolean closed;

    ComputePool(int threads) {
        for (int i = 1; i < threads; i++) {
            int worker = i;
            helpers.add(Thread.ofPlatform()
                    .daemon()
                    .name("saccade-compute-" + worker)
                    .start(() -> help(worker)));
        }
    }

    /** Number of different {@code worker} values. */
    int threads() {
        return helpers.size() + 1;
    }

    /**
     * Runs {@code body} over {@code [0, items)} and returns when all of it is done.
     *
     * @param workPerItem multiply-adds of one item, or what costs about as much
     */
    void loop(int items, long workPerItem, Body body) {
        if (helpers.isEmpty() || items == 1 || items * workPerItem < WORTH_SHARING) {
            body.run(0, 0, items);
            return;
        }
        int step = (int) Math.clamp(SHARE / Math.max(1, workPerItem), 1, items);
        Loop loop = new Loop(items, step, body);
        current = loop;
        wake.release(Math.min(helpers.size(), loop.shares() - 1));
        loop.work(0);
        loop.await();
        current = null;
    }

    private void help(int worker) {
        while (true) {
            wake.acquireUninterruptibly();
            if (closed) {
                return;
            }
            Loop loop = current;
            if (loop != null) {
                loop.work(worker);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        wake.release(helpers.size());
        helpers.forEach(Threads::join);
    }

    /** One loop: threads take shares until none is left. */
    private static final class Loop {
        private final int items;
        private final int step;
        private final Body body;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger unfinished;
        private final Semaphore finished = new Semaphore(0);
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        Loop(int items, int step, Body body) {
            this.items = items;
            this.step = step;
            this.body = body;
            this.unfinished = new AtomicInteger(shares());
        }

        int shares() {
            return (items + step - 1) / step;
        }

        void work(int worker) {
            while (true) {
                int share = next.getAndIncrement();
                if (share >= shares()) {
                    return;
                }
                try {
                    body.run(worker, share * step, Math.min(items, (share + 1) * step));
                } catch (Throwable e) { // handed to the caller in await
                    failure.compareAndSet(null, e);
                }
                if (unfinished.decrementAndGet() == 0) {
                    finished.release();
                }
            }
        }

        void await() {
            finished.acquireUninterruptibly();
            Throwable thrown = failure.get();
            if (thrown != null) {
                throw new IllegalStateException("A share of a parallel loop failed", thrown);
            }
        }
    }
}
