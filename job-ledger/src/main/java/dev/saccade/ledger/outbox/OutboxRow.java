package dev.saccade.ledger.outbox;

import java.util.UUID;

/**
 * A hint that waits to be published.
 *
 * @param payload the message's body, JSON in UTF-8
 */
public record OutboxRow(UUID id, String routingKey, UUID jobId, int attempt, String payload) {}
