package dev.saccade.ledger.audit;

import dev.saccade.ledger.audit.AuditVerification.Broken;
import dev.saccade.ledger.audit.AuditVerification.Intact;
import jakarta.persistence.EntityManager;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Walks a tenant's chain and recomputes every hash. It finds events that were changed, removed or put in; it can't find
 * that somebody with the database owner's rights has rewritten everything from some event to the head: for that, note
 * heads elsewhere and compare.
 */
public final class AuditVerifier {

    private static final int PAGE = 1_000;

    private final AuditRepository events;
    private final EntityManager entities;
    private final TransactionTemplate snapshot;

    AuditVerifier(AuditRepository events, EntityManager entities, PlatformTransactionManager transactions) {
        this.events = events;
        this.entities = entities;
        snapshot = new TransactionTemplate(transactions);
        snapshot.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        // events that are appended meanwhile must not look like a wrong head
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
    }

    /** Reads the whole chain, a page at a time. */
    public AuditVerification verify(UUID tenantId) {
        return Objects.requireNonNull(snapshot.execute(status -> walk(tenantId)));
    }

    private AuditVerification walk(UUID tenantId) {
        long seq = 0;
        var hash = AuditHashes.genesis();
        while (true) {
            var page = events.findByTenantIdAndSeqGreaterThanOrderBySeq(tenantId, seq, Limit.of(PAGE));
            for (var event : page) {
                seq++;
                if (event.seq != seq) {
                    return new Broken(seq, "Event " + seq + " is missing.");
                }
                if (!Arrays.equals(event.previousHash, hash) || !Arrays.equals(event.hash, AuditLog.hashOf(event))) {
                    return new Broken(seq, "Event " + seq + " is not what was written.");
                }
                hash = event.hash;
            }
            entities.clear();
            if (page.size() < PAGE) {
                return compareHead(tenantId, seq, hash);
            }
        }
    }

    private AuditVerification compareHead(UUID tenantId, long seq, byte[] hash) {
        var head = events.head(tenantId);
        if (head.isEmpty()) {
            return new Broken(seq, "The tenant has no audit chain.");
        }
        return head.get().seq == seq && Arrays.equals(head.get().hash, hash)
                ? new Intact(seq)
                : new Broken(
                        seq + 1, "The chain ends after event " + seq + ", but " + head.get().seq + " were written.");
    }
}
