package dev.saccade.ledger.jobs;

import org.jspecify.annotations.Nullable;

/**
 * Where a waiting job stands.
 *
 * @param ahead jobs of its urgency that came before; counted no further than 1,000
 * @param exact false where there are more than were counted
 * @param seconds until a worker begins it, by the jobs begun in the last minute; null where none were
 */
public record QueueStanding(
        long ahead, boolean exact, @Nullable Long seconds) {}
