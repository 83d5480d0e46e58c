package dev.saccade.ledger.audit;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.json.LedgerJson;
import dev.saccade.ledger.json.StorableText;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.TreeMap;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Appends to the audit log inside the caller's transaction, so that what happened and its record stand or fall together.
 * Appending takes no lock; {@link AuditSealer} chains what was committed.
 */
public final class AuditLog {

    private static final int LONGEST_ACTOR = 200;

    private final EntityManager entities;
    private final TransactionTemplate alone;

    AuditLog(EntityManager entities, PlatformTransactionManager transactions) {
        this.entities = entities;
        alone = new TransactionTemplate(transactions);
        alone.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** Appends what was done without a transaction of its own, such as reads, in one. */
    public void appendAlone(Collection<AuditEntry> entries) {
        alone.executeWithoutResult(status -> entries.forEach(this::append));
    }

    /** @throws IllegalStateException outside a transaction */
    public void append(AuditEntry entry) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("Audit rows are written in the transaction that they are about.");
        }
        var event = new AuditEventEntity();
        event.id = UuidCreator.getTimeOrderedEpoch();
        event.tenantId = entry.tenantId();
        event.actor = StorableText.clip(entry.actor(), LONGEST_ACTOR);
        event.action = entry.action();
        event.subjectType = entry.subjectType();
        event.subjectId = entry.subjectId();
        event.detail = LedgerJson.write(new TreeMap<>(entry.detail()));
        entities.persist(event);
    }
}
