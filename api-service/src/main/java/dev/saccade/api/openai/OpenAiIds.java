package dev.saccade.api.openai;

import dev.saccade.ledger.ExternalId;
import java.util.Optional;
import java.util.UUID;

/** Ids with the prefixes that OpenAI's clients expect, each of something that the API knows by another name. */
final class OpenAiIds {

    /** A job. */
    static final String CHAT = "chatcmpl-";
    /** A job. */
    static final String RESPONSE = "resp_";
    /** A video, an image, or the lines of a batch. */
    static final String FILE = "file-";
    /** What became of a batch: not stored, but written from its jobs when it is read. */
    static final String OUTPUT = "file-output-";
    /** What of a batch became no answer. */
    static final String ERRORS = "file-errors-";
    /** A batch that was made of a file. */
    static final String BATCH = "batch_";

    private static final ExternalId CANONICAL = ExternalId.JOB;

    private OpenAiIds() {}

    /** The UUID of an id with this prefix; empty for anything that the API would not have written. */
    static Optional<UUID> parse(String prefix, String id) {
        return id.startsWith(prefix)
                ? CANONICAL.parse(CANONICAL.prefix() + id.substring(prefix.length()))
                : Optional.empty();
    }

    /** A file's or a video's. */
    static Optional<UUID> media(String id) {
        return parse(FILE, id).or(() -> ExternalId.VIDEO.parse(id));
    }
}
