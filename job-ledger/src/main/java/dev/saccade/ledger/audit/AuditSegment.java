package dev.saccade.ledger.audit;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** A row of audit_seal: a stretch of a tenant's chain. */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
record AuditSegment(UUID tenantId, long number, byte[] contents, byte[] previousHash, byte[] hash) {

    private static final int ENTRY = 16 + AuditHash.BYTES;

    /** The segment that follows, over these events in this order. */
    static AuditSegment follow(UUID tenantId, long number, byte[] previousHash, List<AuditEvent> events) {
        var contents = ByteBuffer.allocate(events.size() * ENTRY);
        for (var event : events) {
            contents.putLong(event.id().getMostSignificantBits())
                    .putLong(event.id().getLeastSignificantBits())
                    .put(event.digest());
        }
        return new AuditSegment(
                tenantId,
                number,
                contents.array(),
                previousHash,
                hash(tenantId, number, previousHash, contents.array()));
    }

    static AuditSegment of(ResultSet row, int number) throws SQLException {
        return new AuditSegment(
                row.getObject("tenant_id", UUID.class),
                row.getLong("segment"),
                row.getBytes("contents"),
                row.getBytes("previous_hash"),
                row.getBytes("hash"));
    }

    /** The hash that its fields should have. */
    byte[] recomputed() {
        return hash(tenantId, number, previousHash, contents);
    }

    int events() {
        return contents.length / ENTRY;
    }

    UUID id(int index) {
        var entry = ByteBuffer.wrap(contents, index * ENTRY, ENTRY);
        return new UUID(entry.getLong(), entry.getLong());
    }

    byte[] digest(int index) {
        var digest = new byte[AuditHash.BYTES];
        ByteBuffer.wrap(contents).get(index * ENTRY + 16, digest);
        return digest;
    }

    private static byte[] hash(UUID tenantId, long number, byte[] previousHash, byte[] contents) {
        return new AuditHash("saccade-audit-segment-1")
                .field(tenantId.toString())
                .field(Long.toString(number))
                .field(previousHash)
                .field(contents)
                .digest();
    }
}
