package dev.saccade.ledger.critiques;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A critique as it was asked for.
 *
 * @param clips in the order in which they were given
 */
public record CritiqueView(UUID id, Instant createdAt, List<Clip> clips) {

    public CritiqueView {
        clips = List.copyOf(clips);
    }

    /** A clip, and the job that judges it. */
    public record Clip(UUID videoId, UUID jobId) {}
}
