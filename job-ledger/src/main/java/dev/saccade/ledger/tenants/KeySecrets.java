package dev.saccade.ledger.tenants;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/** The form of a key: {@code sk_} and 43 base64url characters, which hold 32 random bytes. */
final class KeySecrets {

    private static final Pattern KEY = Pattern.compile("sk_[A-Za-z0-9_-]{43}");
    private static final int SECRET_BYTES = 32;
    private static final int SHOWN_CHARACTERS = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    private KeySecrets() {}

    static String generate() {
        var bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return "sk_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static boolean wellFormed(String secret) {
        return KEY.matcher(secret).matches();
    }

    /** For display. */
    static String prefix(String secret) {
        return secret.substring(0, SHOWN_CHARACTERS);
    }

    static byte[] sha256(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
