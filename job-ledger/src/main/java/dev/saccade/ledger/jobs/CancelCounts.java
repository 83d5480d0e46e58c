package dev.saccade.ledger.jobs;

/**
 * What a cancel of many jobs came to. Jobs that had ended by then are in neither count.
 *
 * @param cancelled waited, and are CANCELLED now
 * @param requested run; their workers stop at the next heartbeat, unless they finish before
 */
public record CancelCounts(int cancelled, int requested) {

    static CancelCounts of(CancelOutcome one) {
        return switch (one) {
            case CANCELLED -> new CancelCounts(1, 0);
            case CANCEL_REQUESTED -> new CancelCounts(0, 1);
            case ALREADY_FINISHED, NOT_FOUND -> new CancelCounts(0, 0);
        };
    }

    CancelCounts plus(CancelCounts other) {
        return new CancelCounts(cancelled + other.cancelled, requested + other.requested);
    }
}
