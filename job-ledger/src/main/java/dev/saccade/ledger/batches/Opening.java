package dev.saccade.ledger.batches;

/** What an idempotency key, or its absence, led to. */
public sealed interface Opening {

    /** Lines can be taken: from the first, or from where an intake with this key broke off. */
    record Open(Intake intake) implements Opening {}

    /**
     * All lines were taken before, or nobody may take more.
     *
     * @param intake how far it came
     */
    record Closed(BatchView batch, Intake intake) implements Opening {}

    /** Another request with this key is at it. */
    record Busy() implements Opening {}
}
