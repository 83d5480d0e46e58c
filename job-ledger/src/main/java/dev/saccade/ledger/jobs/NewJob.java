package dev.saccade.ledger.jobs;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job to submit.
 *
 * @param actor who submits it, for the audit log, e.g. {@code key:default}
 * @param startBy EXPIRED if no worker has begun by then
 * @param finishBy EXPIRED if it isn't finished by then
 */
public record NewJob(
        UUID tenantId,
        String actor,
        Urgency urgency,
        JobRequest request,
        @Nullable Instant startBy,
        @Nullable Instant finishBy,
        List<String> tags) {

    public NewJob {
        tags = List.copyOf(tags);
    }

    public NewJob withRequest(JobRequest other) {
        return new NewJob(tenantId, actor, urgency, other, startBy, finishBy, tags);
    }
}
