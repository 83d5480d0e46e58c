package dev.saccade.runtime.schedule;

import dev.saccade.runtime.GenerationResult.Timings;

/** Where a request's time goes. Each mark is set by the one thread that has the request in hand at that moment. */
final class StopWatch {

    private final long submitted = System.nanoTime();
    private volatile long mediaStarted;
    private volatile long mediaFinished;
    private long admitted;
    private long prefillStarted;
    private long firstToken;

    void mediaStarts() {
        if (mediaStarted == 0) { // the first of several media
            mediaStarted = System.nanoTime();
        }
    }

    void mediaEnds() {
        mediaFinished = System.nanoTime();
    }

    void admitted() {
        admitted = System.nanoTime();
    }

    void prefillStarts() {
        if (prefillStarted == 0) {
            prefillStarted = System.nanoTime();
        }
    }

    void token() {
        if (firstToken == 0) {
            firstToken = System.nanoTime();
        }
    }

    /** Phases that were not reached take no time; waiting is what is neither media work nor in the batch. */
    Timings timings() {
        long now = System.nanoTime();
        double total = millis(submitted, now);
        double media = millis(mediaStarted, mediaFinished);
        double inBatch = admitted == 0 ? 0 : millis(admitted, now);
        return new Timings(
                Math.max(0, total - media - inBatch),
                media,
                millis(admitted, prefillStarted),
                millis(prefillStarted, firstToken),
                firstToken == 0 ? 0 : millis(firstToken, now),
                millis(submitted, firstToken),
                total);
    }

    private static double millis(long from, long to) {
        return from == 0 || to == 0 ? 0 : (to - from) / 1e6;
    }
}
