package dev.saccade.runtime.device.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Splits a loop over a few platform threads, without a lock and without allocating. The caller works too, so that a pool
 * of one thread has no helper at all.
 *
 * <p>Each thread begins with a region of its own, so that it reads memory in one stream, and helps in the others'
 * regions when it is done. Helpers watch for the next loop for a short while, since a step is a row of loops, and then
 * sleep. A loop never waits for a helper that hasn't begun with it: on a busy machine the caller does the work alone.
 */
final class ComputePool implements AutoCloseable {

    /** Below so many multiply-adds a loop is done before a sleeping helper has woken. */
    private static final long WORTH_SHARING = 400_000;

    /** Multiply-adds of one share: small enough for balance, large enough to hide the counter. */
    private static final long SHARE = 250_000;

    /** How long a thread watches before it sleeps: longer than the work between two loops of a step. */
    private static final long WATCH_NANOS = 50_000;

    /** Looks between two readings of the clock. */
    private static final int LOOKS = 32;

    /** Set in {@link #gate} while helpers may join; the rest of it counts those that have. */
    private static final int OPEN = 1 << 30;

    /** Keeps the regions' counters on cache lines of their own. */
    private static final int APART = 32;

    /** Part {@code [from, to)} of a loop. {@code worker} numbers the thread, for scratch memory. */
    interface Body {
        void run(int worker, int from, int to);
    }

    private final Helper[] helpers;
    private final AtomicIntegerArray next; // (threads, APART): first share of each region that nobody has taken
    private final AtomicInteger gate = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicInteger loops = new AtomicInteger();
    private volatile @Nullable Thread waiting;
    private volatile boolean closed;

    // the present loop; written while the gate is closed and nobody is inside
    private @Nullable Body body;
    private int items;
    private int step;
    private int shares;

    ComputePool(int threads) {
        helpers = new Helper[threads - 1];
        next = new AtomicIntegerArray(threads * APART);
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
        }
        for (Helper helper : helpers) {
            helper.thread.start();
        }
    }

    /** Number of different {@code worker} values. */
    int threads() {
        return helpers.length + 1;
    }

    /**
     * Runs {@code body} over {@code [0, items)} and returns when all of it is done. For one thread at a time.
     *
     * @param workPerItem multiply-adds of one item, or what costs about as much
     */
    void loop(int items, long workPerItem, Body body) {
        if (helpers.length == 0 || items <= 1 || items * workPerItem < WORTH_SHARING) {
            body.run(0, 0, items);
            return;
        }
        this.body = body;
        this.items = items;
        this.step = (int) Math.clamp(SHARE / Math.max(1, workPerItem), 1, Math.ceilDiv(items, threads()));
        this.shares = Math.ceilDiv(items, step);
        for (int region = 0; region < threads(); region++) {
            next.setPlain(region * APART, begin(region));
        }
        gate.set(OPEN);
        loops.incrementAndGet();
        for (int i = 0; i < Math.min(helpers.length, shares - 1); i++) {
            helpers[i].wake();
        }
        work(0, body);
        if (gate.addAndGet(-OPEN) != 0) {
            awaitHelpers();
        }
        this.body = null;
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw new IllegalStateException("A share of a parallel loop failed", thrown);
        }
    }

    private int begin(int region) {
        return (int) ((long) shares * region / threads());
    }

    /** Takes shares of the thread's own region, then of the others', until none is left. */
    private void work(int worker, Body body) {
        for (int i = 0; i < threads(); i++) {
            int region = (worker + i) % threads();
            int end = begin(region + 1);
            int share = next.get(region * APART);
            while (share < end && (share = next.getAndIncrement(region * APART)) < end) {
                try {
                    body.run(worker, share * step, Math.min(items, (share + 1) * step));
                } catch (Throwable e) { // handed to the caller of the loop
                    failure.compareAndSet(null, e);
                }
            }
        }
    }

    private void awaitHelpers() {
        long start = System.nanoTime();
        for (int i = 1; gate.get() != 0; i++) {
            Thread.onSpinWait();
            if (i % LOOKS == 0 && System.nanoTime() - start > WATCH_NANOS) {
                waiting = Thread.currentThread();
                while (gate.get() != 0) {
                    LockSupport.park(this);
                }
                waiting = null;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        loops.incrementAndGet();
        for (Helper helper : helpers) {
            helper.wake();
        }
        for (Helper helper : helpers) {
            Threads.join(helper.thread);
        }
    }

    private final class Helper implements Runnable {
        private final int worker;
        private final Thread thread;
        private volatile boolean asleep;

        Helper(int worker) {
            this.worker = worker;
            this.thread = Thread.ofPlatform()
                    .daemon()
                    .name("saccade-compute-" + worker)
                    .unstarted(this);
        }

        void wake() {
            if (asleep) {
                LockSupport.unpark(thread);
            }
        }

        @Override
        public void run() {
            int seen = 0;
            while (!closed) {
                seen = awaitLoop(seen);
                if (enter()) {
                    Body present = body;
                    if (present != null) {
                        work(worker, present);
                    }
                    leave();
                }
            }
        }

        private int awaitLoop(int seen) {
            long start = System.nanoTime();
            for (int i = 1; loops.get() == seen; i++) {
                Thread.onSpinWait();
                if (i % LOOKS == 0 && System.nanoTime() - start > WATCH_NANOS) {
                    asleep = true;
                    while (loops.get() == seen) {
                        LockSupport.park(ComputePool.this);
                    }
                    asleep = false;
                }
            }
            return loops.get();
        }

        private boolean enter() {
            while (true) {
                int inside = gate.get();
                if (inside < OPEN) {
                    return false;
                }
                if (gate.compareAndSet(inside, inside + 1)) {
                    return true;
                }
            }
        }

        private void leave() {
            if (gate.decrementAndGet() == 0) {
                Thread caller = waiting;
                if (caller != null) {
                    LockSupport.unpark(caller);
                }
            }
        }
    }
}
