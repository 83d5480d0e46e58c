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
 * @param webhookId the tenant's webhook that is told of its end, beside those that are told of all; null for none
 */
public record NewJob(
        UUID tenantId,
        String actor,
        Urgency urgency,
        JobRequest request,
        @Nullable Instant startBy,
        @Nullable Instant finishBy,
        List<String> tags,
        @Nullable UUID webhookId) {

    public NewJob {
        tags = List.copyOf(tags);
    }

    /** With no webhook of its own. */
    public NewJob(
            UUID tenantId,
            String actor,
            Urgency urgency,
            JobRequest request,
            @Nullable Instant startBy,
            @Nullable Instant finishBy,
            List<String> tags) {
        this(tenantId, actor, urgency, request, startBy, finishBy, tags, null);
    }

    /** The same with this webhook. */
    public NewJob telling(@Nullable UUID webhook) {
        return new NewJob(tenantId, actor, urgency, request, startBy, finishBy, tags, webhook);
    }

    public NewJob withRequest(JobRequest other) {
        return new NewJob(tenantId, actor, urgency, other, startBy, finishBy, tags, webhookId);
    }
}
