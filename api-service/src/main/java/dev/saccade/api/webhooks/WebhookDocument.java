package dev.saccade.api.webhooks;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.webhooks.DeliveryView;
import dev.saccade.ledger.webhooks.WebhookEvent;
import dev.saccade.ledger.webhooks.WebhookView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A webhook as clients see it. */
@Schema(name = "Webhook")
record WebhookDocument(
        String id,
        String url,
        @Nullable String description,
        List<String> events,
        NewWebhook.Jobs jobs,
        boolean enabled,

        @Schema(description = "gone: it answered 410; failing: it took nothing for days") @Nullable
        String disabledReason,

        @Schema(description = "Only when it is new: whsec_ and base64") @Nullable
        String secret,

        @Schema(description = "Until then messages are signed with the secret of before as well") @Nullable
        Instant previousSecretUntil,

        @Nullable Instant failingSince,
        Instant createdAt) {

    @Schema(name = "WebhookList")
    record All(List<WebhookDocument> data) {}

    /** A message and what became of it. */
    @Schema(name = "WebhookDelivery")
    record Delivery(
            @Schema(description = "The header webhook-id of every attempt")
            String id,

            String event,
            String subject,
            State state,
            @Nullable Instant nextAttemptAt,
            Instant createdAt,
            @Nullable Instant endedAt,
            List<Attempt> attempts) {

        static Delivery of(DeliveryView delivery) {
            ExternalId kind = delivery.event() == WebhookEvent.BATCH_ENDED ? ExternalId.BATCH : ExternalId.JOB;
            return new Delivery(
                    ExternalId.DELIVERY.format(delivery.id()),
                    delivery.event().text(),
                    kind.format(delivery.subjectId()),
                    State.valueOf(delivery.state().name()),
                    delivery.nextAt(),
                    delivery.createdAt(),
                    delivery.endedAt(),
                    delivery.attempts().stream().map(Attempt::of).toList());
        }
    }

    enum State {
        @JsonProperty("pending")
        PENDING,
        @JsonProperty("delivered")
        DELIVERED,
        @JsonProperty("failed")
        FAILED
    }

    @Schema(name = "WebhookAttempt")
    record Attempt(
            int number,
            Instant at,
            long millis,

            @Schema(description = "The receiver's answer") @Nullable
            Integer status,

            @Schema(
                    description = "Why there was none",
                    allowableValues = {"timeout", "unreachable", "tls-failed", "address-forbidden", "secret-unreadable"
                    })
            @Nullable
            String error) {

        static Attempt of(DeliveryView.Attempt attempt) {
            return new Attempt(attempt.number(), attempt.at(), attempt.millis(), attempt.status(), attempt.error());
        }
    }

    @Schema(name = "WebhookDeliveryPage")
    record Deliveries(
            List<Delivery> data, boolean hasMore, @Nullable String nextCursor) {}

    static WebhookDocument of(WebhookView webhook, @Nullable String secret) {
        return new WebhookDocument(
                ExternalId.WEBHOOK.format(webhook.id()),
                webhook.url(),
                webhook.description(),
                webhook.events().stream().map(WebhookEvent::text).toList(),
                webhook.allJobs() ? NewWebhook.Jobs.ALL : NewWebhook.Jobs.NAMED,
                webhook.disabledReason() == null,
                webhook.disabledReason(),
                secret,
                webhook.previousUntil(),
                webhook.failingSince(),
                webhook.createdAt());
    }
}
