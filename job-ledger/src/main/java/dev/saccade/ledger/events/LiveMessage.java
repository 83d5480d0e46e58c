package dev.saccade.ledger.events;

import dev.saccade.ledger.json.LedgerJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JacksonException;

/**
 * How far a running attempt is, as its worker tells whoever listens. Any of these may be lost: the ledger has what counts.
 *
 * @param attempt the attempt that runs
 * @param phase as in {@link dev.saccade.ledger.jobs.JobProgress}, like the next three
 * @param texts what was written since the message before
 * @param ended the attempt is over and its outcome is in the ledger
 */
public record LiveMessage(
        UUID jobId,
        int attempt,
        String phase,
        long done,
        long total,
        int completionTokens,
        List<Piece> texts,
        boolean ended) {

    public LiveMessage {
        texts = List.copyOf(texts);
    }

    /**
     * A piece of one answer's text.
     *
     * @param index of the answer, from 0
     * @param offset where it begins in that answer's whole text, in UTF-16 code units
     */
    public record Piece(int index, int offset, String text) {}

    public byte[] toBytes() {
        return LedgerJson.write(this).getBytes(StandardCharsets.UTF_8);
    }

    /** The message in a body; empty for anything else. */
    public static Optional<LiveMessage> parse(byte[] body) {
        try {
            return Optional.of(LedgerJson.read(new String(body, StandardCharsets.UTF_8), LiveMessage.class));
        } catch (JacksonException | NullPointerException notOne) {
            return Optional.empty();
        }
    }
}
