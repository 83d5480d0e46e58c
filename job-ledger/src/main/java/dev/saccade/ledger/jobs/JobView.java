package dev.saccade.ledger.jobs;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stood when it was read.
 *
 * @param attempt the attempt that runs or waits, from 1
 * @param maxAttempts attempts that it may cost
 * @param startedAt when a worker first claimed it
 * @param progress how far the last attempt came; null before its first heartbeat
 * @param error set when FAILED or EXPIRED
 * @param result set when SUCCEEDED; lists leave it out
 */
public record JobView(
        UUID id,
        UUID tenantId,
        JobState state,
        Urgency urgency,
        JobRequest request,
        int attempt,
        int maxAttempts,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant startBy,
        @Nullable Instant finishBy,
        List<String> tags,
        boolean cancelRequested,
        @Nullable JobProgress progress,
        @Nullable JobError error,
        @Nullable JobOutcome result) {

    public JobView {
        tags = List.copyOf(tags);
    }
}
