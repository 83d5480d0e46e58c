package dev.saccade.ledger.audit;

import java.util.UUID;

/** A row of audit_chain: how many segments a tenant's chain has, and the last one's hash. */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record AuditChainEnd(UUID tenantId, long segments, byte[] hash) {

    /** Before anything is sealed. */
    static AuditChainEnd none(UUID tenantId) {
        return new AuditChainEnd(tenantId, 0, AuditHash.genesis());
    }
}
