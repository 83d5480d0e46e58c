package dev.saccade.ledger.batches;

/** Where a batch is: VALIDATING while its lines are taken in, ENDED when none of its jobs can change any more. */
public enum BatchState {
    VALIDATING,
    RUNNING,
    CANCELLING,
    ENDED
}
