package dev.saccade.ledger.webhooks;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message to a receiver, with what became of it.
 *
 * @param subjectId the job or batch that it is about
 * @param nextAt when it is sent again; null where it is not
 */
public record DeliveryView(
        UUID id,
        WebhookEvent event,
        UUID subjectId,
        DeliveryState state,
        @Nullable Instant nextAt,
        Instant createdAt,
        @Nullable Instant endedAt,
        List<Attempt> attempts) {

    /**
     * One try.
     *
     * @param status the receiver's answer; null where there was none
     * @param error why there was none
     */
    public record Attempt(
            int number,
            Instant at,
            long millis,
            @Nullable Integer status,
            @Nullable String error) {}

    public DeliveryView {
        attempts = List.copyOf(attempts);
    }

    DeliveryView with(List<Attempt> made) {
        return new DeliveryView(id, event, subjectId, state, nextAt, createdAt, endedAt, made);
    }
}
