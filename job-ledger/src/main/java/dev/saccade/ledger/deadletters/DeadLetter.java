package dev.saccade.ledger.deadletters;

import dev.saccade.ledger.jobs.JobState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message that was given up.
 *
 * @param jobId null where the message was no hint
 * @param tenantId null where it was no hint, or its job was gone
 * @param attempt of the hint
 * @param jobState now; null where there is no such job
 * @param requeuedAt when somebody last had the job announced again; null for never
 */
public record DeadLetter(
        UUID id,
        @Nullable UUID jobId,
        @Nullable UUID tenantId,
        @Nullable Integer attempt,
        @Nullable JobState jobState,
        String queue,
        String reason,
        int bytes,
        Instant keptAt,
        @Nullable Instant requeuedAt,
        @Nullable String requeuedBy) {}
