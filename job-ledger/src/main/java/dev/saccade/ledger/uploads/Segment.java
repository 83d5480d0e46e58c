package dev.saccade.ledger.uploads;

import java.util.UUID;

/**
 * Bytes of an upload that lie in an object of their own, behind those of the segment before.
 *
 * @param objectId names the object
 */
public record Segment(long bytes, UUID objectId) {}
