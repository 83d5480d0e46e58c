package dev.saccade.ledger.jobs;

/** What became of an attempt that a worker gave back. */
public enum RequeueOutcome {
    /** It waits again, with the next attempt's number. */
    REQUEUED,
    /** It had cost the maximum of attempts: FAILED with {@code attempts-exhausted}. */
    EXHAUSTED,
    /** The client had asked to cancel it. */
    CANCELLED,
    /** Its finish_by had passed. */
    EXPIRED,
    /** Another owns the job: nothing was changed. */
    LEASE_LOST
}
