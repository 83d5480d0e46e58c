package dev.saccade.ledger.webhooks;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A registered receiver, without its secrets.
 *
 * @param allJobs false where only jobs count that name it
 * @param disabledReason null while it is enabled
 * @param previousUntil until when messages are signed with the secret of before as well
 * @param failingSince the first attempt that failed after the last one that did not
 */
public record WebhookView(
        UUID id,
        UUID tenantId,
        String url,
        @Nullable String description,
        List<WebhookEvent> events,
        boolean allJobs,
        @Nullable String disabledReason,
        @Nullable Instant previousUntil,
        @Nullable Instant failingSince,
        Instant createdAt) {

    public WebhookView {
        events = List.copyOf(events);
    }
}
