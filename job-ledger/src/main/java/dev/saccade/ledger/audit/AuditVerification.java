package dev.saccade.ledger.audit;

/** What a walk along a tenant's chain found. */
public sealed interface AuditVerification {

    /** Every event is as it was written, none is missing, and the chain ends where it should. */
    record Intact(long events) implements AuditVerification {}

    /**
     * The log was tampered with.
     *
     * @param seq number of the first event that is changed, missing or surplus
     * @param reason a sentence
     */
    record Broken(long seq, String reason) implements AuditVerification {}
}
