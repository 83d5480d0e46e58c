package dev.saccade.ledger.audit;

import dev.saccade.ledger.DatabaseClock;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;

/**
 * An event as it stands in the log.
 *
 * @param txn number of the transaction that wrote it; -1 for events of before there were seals
 * @param detail a JSON object, the very text that is hashed
 */
public record AuditEvent(
        UUID id,
        UUID tenantId,
        long txn,
        Instant at,
        String actor,
        String action,
        String subjectType,
        UUID subjectId,
        String detail) {

    static final String COLUMNS =
            "id, tenant_id, coalesce(txn, -1) as txn, at, actor, action, subject_type, subject_id, detail";

    static AuditEvent of(ResultSet row, int number) throws SQLException {
        return new AuditEvent(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getLong("txn"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getString("action"),
                row.getString("subject_type"),
                row.getObject("subject_id", UUID.class),
                row.getString("detail"));
    }

    /** SHA-256 over all fields, each with its length in front. */
    byte[] digest() {
        return new AuditHash("saccade-audit-event-2")
                .field(id.toString())
                .field(tenantId.toString())
                .field(Long.toString(txn))
                .field(Long.toString(DatabaseClock.micros(at)))
                .field(actor)
                .field(action)
                .field(subjectType)
                .field(subjectId.toString())
                .field(detail)
                .digest();
    }
}
