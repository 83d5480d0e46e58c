package dev.saccade.ledger.jobs;

/** What a worker does after a heartbeat. */
public enum HeartbeatOutcome {
    CONTINUE,
    /** The lease holds, but the client wants no answer: stop and call {@link JobLedger#cancelled}. */
    CANCEL_REQUESTED,
    /** Another owns the job or nobody does: stop, and write nothing. */
    LEASE_LOST
}
