package dev.saccade.ledger.batches;

import java.util.UUID;

/**
 * The right to take lines into a batch, which a later one may have taken over.
 *
 * @param lines that were taken
 * @param digest SHA-256 over them
 * @param keyed whether a client can come back to it by its idempotency key
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
public record Intake(UUID batchId, UUID tenantId, UUID token, long lines, byte[] digest, boolean keyed) {}
