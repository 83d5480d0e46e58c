package dev.saccade.api.uploads;

import dev.saccade.api.problems.ProblemException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Upload-Checksum} of tus: what the bytes of one request must hash to.
 *
 * @param digest of the bytes that have come
 * @param base64 what it must be in the end
 */
record TusChecksum(MessageDigest digest, String base64) {

    static final String ALGORITHMS = "sha1,sha256";

    private static final Map<String, String> NAMES = Map.of("sha1", "SHA-1", "sha256", "SHA-256");

    /** @throws ProblemException 400 where it names an algorithm that isn't known */
    static @Nullable TusChecksum parse(@Nullable String header) {
        if (header == null) {
            return null;
        }
        String[] parts = header.strip().split(" ", -1);
        String algorithm = NAMES.get(parts[0]);
        if (parts.length != 2 || algorithm == null) {
            throw new ProblemException(
                    400,
                    "invalid-upload-checksum",
                    "Upload-Checksum must be sha1 or sha256, a space, and the checksum in base64.");
        }
        try {
            return new TusChecksum(MessageDigest.getInstance(algorithm), parts[1]);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has " + algorithm, impossible);
        }
    }

    /** Call it once, at the end. */
    boolean matches() {
        return Base64.getEncoder().encodeToString(digest.digest()).equals(base64);
    }
}
