package dev.saccade.quickstart.stack;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;

/**
 * Ctrl-C and SIGTERM as a request that the program answers in its own order. Shutdown hooks would run all at once: the
 * broker brings one of its own, which would cut off jobs that are being finished.
 */
public final class StopSignal {

    private static final int EXIT_AFTER_SECOND_SIGNAL = 130;

    /** Shells and wrappers send one request several times: to the process, and to its group. */
    private static final long ONE_REQUEST_NANOS = 1_000_000_000L;

    private final CountDownLatch requested = new CountDownLatch(1);

    // guarded by this
    private long firstAt;

    private StopSignal() {}

    /** From now on the first signal asks for a stop, and another one, a second or more later, ends the process at once. */
    public static StopSignal install() {
        StopSignal stop = new StopSignal();
        for (String name : new String[] {"INT", "TERM", "HUP"}) {
            Signal.handle(new Signal(name), signal -> stop.onSignal());
        }
        return stop;
    }

    private synchronized void onSignal() {
        if (!isRequested()) {
            firstAt = System.nanoTime();
            requested.countDown();
        } else if (System.nanoTime() - firstAt > ONE_REQUEST_NANOS) {
            Runtime.getRuntime().halt(EXIT_AFTER_SECOND_SIGNAL);
        }
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /** Waits for a signal, at most this long. True where one has come. */
    public boolean await(long millis) throws InterruptedException {
        return requested.await(millis, TimeUnit.MILLISECONDS);
    }

    public void await() throws InterruptedException {
        requested.await();
    }
}
