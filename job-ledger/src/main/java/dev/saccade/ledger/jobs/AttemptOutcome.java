package dev.saccade.ledger.jobs;

/** How one attempt ended. */
enum AttemptOutcome {
    SUCCEEDED,
    FAILED,
    CANCELLED,
    EXPIRED,
    /** The worker met an error that another attempt may not meet. */
    RETRYABLE,
    /** The worker handed it back, on a drain or because a part that every job needs is gone: costs nothing. */
    RELEASED,
    /** The lease ran out: the worker is dead, cut off or stuck. */
    LOST
}
