package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.client.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Uploads clips, each content once in a run, also over several processes. */
final class Uploads {

    private static final int BUFFER = 1 << 16;

    private final ApiClient client;
    private final ServiceCalls calls;
    private final Journal journal;
    private final Map<Path, String> digests = new HashMap<>();
    private final Map<String, String> refusals = new HashMap<>();
    private final Set<String> forgotten = new HashSet<>();

    Uploads(ApiClient client, ServiceCalls calls, Journal journal) {
        this.client = client;
        this.calls = calls;
        this.journal = journal;
    }

    /** Makes sure that the clip is there; else says why it can't be. */
    Optional<String> upload(Question question) throws IOException {
        calls.checkStop();
        String digest;
        try {
            digest = digest(question.clip());
        } catch (IOException unreadable) {
            return Optional.of("The file " + question.clip() + " can't be read.");
        }
        if (journal.upload(digest).isPresent()) {
            return Optional.empty();
        }
        if (!refusals.containsKey(digest)) {
            try {
                journal.uploaded(
                        digest,
                        calls.patiently(() -> client.upload(question.clip(), sent -> {}))
                                .path("id")
                                .asString());
            } catch (ApiException refused) {
                refusals.put(digest, String.valueOf(refused.getMessage()));
            }
        }
        return Optional.ofNullable(refusals.get(digest));
    }

    /** The id of a clip that is uploaded. */
    String video(Question question) throws IOException {
        return journal.upload(digest(question.clip())).orElseThrow();
    }

    /** Whether the clip was uploaded, in this process or before. */
    boolean isKnown(Question question) {
        try {
            return journal.upload(digest(question.clip())).isPresent();
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** A clip that the service has no more is uploaded again, once. False where it was. */
    boolean forget(Question question) throws IOException {
        String digest = digest(question.clip());
        if (!forgotten.add(digest)) {
            return false;
        }
        journal.uploaded(digest, null);
        return true;
    }

    private String digest(Path file) throws IOException {
        String known = digests.get(file);
        if (known == null) {
            known = sha256(file);
            digests.put(file, known);
        }
        return known;
    }

    private static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            while (in.read(buffer) >= 0) {
                continue;
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
