package dev.saccade.ledger.audit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;

/** The hash that chains one event to the one before: SHA-256 over all fields, each with its length in front. */
final class AuditHashes {

    static final int BYTES = 32;

    private static final String FORMAT = "saccade-audit-1";

    private AuditHashes() {}

    /** What the first event of a tenant names as its predecessor. */
    static byte[] genesis() {
        return new byte[BYTES];
    }

    static byte[] hash(
            UUID tenantId,
            long seq,
            long atMicros,
            String actor,
            String action,
            String subjectType,
            UUID subjectId,
            String detail,
            byte[] previousHash) {
        var fields = List.of(
                FORMAT,
                tenantId.toString(),
                Long.toString(seq),
                Long.toString(atMicros),
                actor,
                action,
                subjectType,
                subjectId.toString(),
                detail);
        var content = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(content)) {
            for (var field : fields) {
                var bytes = field.getBytes(StandardCharsets.UTF_8);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
            out.write(previousHash);
        } catch (IOException e) {
            throw new UncheckedIOException("A byte array took no bytes", e);
        }
        return sha256(content.toByteArray());
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
