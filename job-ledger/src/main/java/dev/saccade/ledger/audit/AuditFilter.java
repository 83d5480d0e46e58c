package dev.saccade.ledger.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which events are read; null takes all.
 *
 * @param from not before
 * @param until before
 */
public record AuditFilter(
        @Nullable String actor,
        @Nullable String action,
        @Nullable UUID subjectId,
        @Nullable Instant from,
        @Nullable Instant until) {}
