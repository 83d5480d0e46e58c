package dev.saccade.ledger.audit;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.json.LedgerJson;
import dev.saccade.ledger.json.StorableText;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A row of audit_event as it is written, by {@link AuditLog} or in one statement with what it is about; its time and its
 * transaction's number are the database's defaults.
 *
 * @param detail JSON, kept as the very text that is hashed
 */
public record AuditRow(
        UUID id, UUID tenantId, String actor, String action, String subjectType, UUID subjectId, String detail) {

    private static final int LONGEST_ACTOR = 200;

    /** A new row, with an id of this moment. */
    public static AuditRow of(AuditEntry entry) {
        return new AuditRow(
                UuidCreator.getTimeOrderedEpoch(),
                entry.tenantId(),
                StorableText.clip(entry.actor(), LONGEST_ACTOR),
                entry.action(),
                entry.subjectType(),
                entry.subjectId(),
                LedgerJson.write(new TreeMap<>(entry.detail())));
    }
}
