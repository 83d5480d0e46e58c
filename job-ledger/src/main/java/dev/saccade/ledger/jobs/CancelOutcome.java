package dev.saccade.ledger.jobs;

/** What a cancel request did. */
public enum CancelOutcome {
    /** It was waiting and is CANCELLED now. */
    CANCELLED,
    /** It is running; its worker stops at the next heartbeat, unless it finishes before. */
    CANCEL_REQUESTED,
    ALREADY_FINISHED,
    /** Unknown, or another tenant's. */
    NOT_FOUND
}
