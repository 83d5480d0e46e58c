package dev.saccade.ledger.audit;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.DatabaseClock;
import dev.saccade.ledger.json.LedgerJson;
import dev.saccade.ledger.json.StorableText;
import jakarta.persistence.EntityManager;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Appends to the audit log inside the caller's transaction, so that what happened and its record stand or fall together.
 * Appending locks the end of the tenant's chain until the transaction ends: do it last.
 */
public final class AuditLog {

    private static final int LONGEST_ACTOR = 200;

    private final AuditRepository events;
    private final EntityManager entities;

    AuditLog(AuditRepository events, EntityManager entities) {
        this.events = events;
        this.entities = entities;
    }

    /** Begins the chain of a new tenant. */
    public void begin(UUID tenantId) {
        entities.flush();
        events.begin(tenantId, AuditHashes.genesis());
    }

    /** @throws IllegalStateException outside a transaction, or for a tenant without a chain */
    public void append(AuditEntry entry) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("Audit rows are written in the transaction that they are about.");
        }
        // everything else is written first, so that no lock is waited for while this one is held
        entities.flush();
        var head = events.lockHead(entry.tenantId())
                .orElseThrow(() -> new IllegalStateException("Tenant " + entry.tenantId() + " has no audit chain."));
        var event = follow(head, entry);
        entities.persist(event);
        entities.flush();
        events.moveHead(event.tenantId, event.seq, event.at, event.hash);
    }

    private static AuditEventEntity follow(AuditRepository.Head head, AuditEntry entry) {
        var event = new AuditEventEntity();
        event.id = UuidCreator.getTimeOrderedEpoch();
        event.tenantId = entry.tenantId();
        event.seq = head.getSeq() + 1;
        event.at = DatabaseClock.ofMicros(head.getNextMicros());
        event.actor = StorableText.clip(entry.actor(), LONGEST_ACTOR);
        event.action = entry.action();
        event.subjectType = entry.subjectType();
        event.subjectId = entry.subjectId();
        event.detail = LedgerJson.write(new TreeMap<>(entry.detail()));
        event.previousHash = head.getHash();
        event.hash = hashOf(event);
        return event;
    }

    static byte[] hashOf(AuditEventEntity event) {
        return AuditHashes.hash(
                event.tenantId,
                event.seq,
                DatabaseClock.micros(event.at),
                event.actor,
                event.action,
                event.subjectType,
                event.subjectId,
                event.detail,
                event.previousHash);
    }
}
