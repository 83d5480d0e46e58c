package dev.saccade.ledger.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over fields, each with its length in front, so that no text can pass for two. */
final class AuditHash {

    static final int BYTES = 32;

    private final MessageDigest sha256;

    AuditHash(String format) {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
        field(format);
    }

    /** What the first segment of a tenant names as its predecessor. */
    static byte[] genesis() {
        return new byte[BYTES];
    }

    AuditHash field(String text) {
        return field(text.getBytes(StandardCharsets.UTF_8));
    }

    AuditHash field(byte[] bytes) {
        sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        sha256.update(bytes);
        return this;
    }

    byte[] digest() {
        return sha256.digest();
    }
}
