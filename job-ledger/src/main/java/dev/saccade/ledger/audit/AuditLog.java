package dev.saccade.ledger.audit;

import java.util.Collection;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Appends to the audit log inside the caller's transaction, so that what happened and its record stand or fall together.
 * Appending takes no lock; {@link AuditSealer} chains what was committed.
 */
public final class AuditLog {

    private final JdbcOperations jdbc;
    private final TransactionTemplate alone;

    AuditLog(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
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
        var row = AuditRow.of(entry);
        jdbc.update(
                "insert into audit_event (id, tenant_id, actor, action, subject_type, subject_id, detail)"
                        + " values (?, ?, ?, ?, ?, ?, ?)",
                row.id(),
                row.tenantId(),
                row.actor(),
                row.action(),
                row.subjectType(),
                row.subjectId(),
                row.detail());
    }
}
