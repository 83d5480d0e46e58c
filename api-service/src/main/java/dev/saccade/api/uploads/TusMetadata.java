package dev.saccade.api.uploads;

import dev.saccade.api.problems.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The header {@code Upload-Metadata} of tus: pairs of a key and a value in base64, with commas between. */
record TusMetadata(Map<String, String> values) {

    private static final int LONGEST = 4_096;

    /** @throws ProblemException 400 where it is no such header */
    static TusMetadata parse(@Nullable String header) {
        Map<String, String> values = new HashMap<>();
        if (header != null && !header.isBlank()) {
            if (header.length() > LONGEST) {
                throw malformed();
            }
            for (String pair : header.split(",", -1)) {
                String[] parts = pair.strip().split(" ", -1);
                if (parts.length > 2 || parts[0].isEmpty() || values.containsKey(parts[0])) {
                    throw malformed();
                }
                values.put(parts[0], parts.length == 1 ? "" : decoded(parts[1]));
            }
        }
        return new TusMetadata(values);
    }

    /** What the client calls the file; null where it doesn't say. */
    @Nullable
    String filename() {
        String name = values.get("filename");
        return name == null ? values.get("name") : name;
    }

    /** SHA-256 that the file must have, in hex; null where the client doesn't say. */
    @Nullable
    String sha256() {
        return values.get("sha256");
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notBase64) {
            throw malformed();
        }
    }

    private static ProblemException malformed() {
        return new ProblemException(
                400,
                "invalid-upload-metadata",
                "Upload-Metadata must be pairs of a key and a base64 value, each key once, with commas between them.");
    }
}
