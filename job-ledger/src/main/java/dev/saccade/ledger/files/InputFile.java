package dev.saccade.ledger.files;

import java.time.Instant;
import java.util.UUID;

/** A file's facts. */
public record InputFile(UUID id, String filename, long sizeBytes, Instant createdAt, Instant expiresAt) {}
