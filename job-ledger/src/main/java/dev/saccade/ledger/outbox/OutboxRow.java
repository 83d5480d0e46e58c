package dev.saccade.ledger.outbox;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A hint that waits to be published.
 *
 * @param payload the message's body, JSON in UTF-8
 * @param traceparent goes with it as a header; null where there is none
 */
public record OutboxRow(
        UUID id,
        String routingKey,
        UUID jobId,
        int attempt,
        String payload,
        @Nullable String traceparent) {}
