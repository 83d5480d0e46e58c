package dev.saccade.runtime.device.cpu;

/** Waiting for threads that are about to end. */
final class Threads {

    private Threads() {}

    /** Waits until the thread has ended; an interruption is kept for afterwards. */
    static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
