package dev.saccade.ledger.videos;

import java.util.UUID;

/**
 * Where the bytes of an image or video are.
 *
 * @param kind {@code VIDEO} or {@code IMAGE}
 * @param objectKey in the store's bucket
 * @param sha256 of the bytes, in lower-case hex
 */
public record MediaRef(UUID videoId, String kind, String objectKey, String sha256, long sizeBytes) {}
