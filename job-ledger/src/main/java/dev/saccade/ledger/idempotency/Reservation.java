package dev.saccade.ledger.idempotency;

import java.time.Instant;
import java.util.UUID;

/** What came of asking for a key. */
public sealed interface Reservation {

    /**
     * The key is this request's.
     *
     * @param until when it stops being so; with the key it names the reservation
     */
    record Free(UUID tenantId, String key, Instant until) implements Reservation {}

    /**
     * The key was answered before.
     *
     * @param fingerprint SHA-256 of that request
     */
    record Answered(byte[] fingerprint, FirstAnswer answer) implements Reservation {}
}
