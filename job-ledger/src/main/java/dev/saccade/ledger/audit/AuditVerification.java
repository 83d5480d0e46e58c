package dev.saccade.ledger.audit;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a walk along a tenant's chain found. */
public sealed interface AuditVerification {

    /**
     * Every sealed event is as it was written, none is missing or put in, and the chain ends where it should.
     *
     * @param segments of the chain
     * @param events that are sealed, expired ones included
     * @param expired sealed events that the retention rule has dropped since
     * @param pending committed events that wait for the sealer, which is seconds at most
     * @param head hash of the last segment in hex; noted elsewhere, it proves later that nothing was rewritten
     */
    record Intact(long segments, long events, long expired, long pending, String head) implements AuditVerification {}

    /**
     * The log was tampered with.
     *
     * @param segment the first one that is wrong
     * @param event which of its events; null where the segment itself is changed, missing or surplus
     * @param reason a sentence
     */
    record Broken(long segment, @Nullable UUID event, String reason) implements AuditVerification {}
}
