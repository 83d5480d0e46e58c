package dev.saccade.ledger.webhooks;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A message that is this caller's to send, for as long as it was claimed for.
 *
 * @param attempt from 1
 * @param secrets sealed; one, or two while a rotation overlaps
 */
public record DueDelivery(
        UUID id,
        UUID tenantId,
        UUID webhookId,
        String url,
        WebhookEvent event,
        UUID subjectId,
        Instant createdAt,
        int attempt,
        List<byte[]> secrets) {

    public DueDelivery {
        secrets = List.copyOf(secrets);
    }
}
