package dev.saccade.ledger.audit;

import java.util.Map;
import java.util.UUID;

/**
 * Something to put on record. Names, numbers and codes only: never a question, an answer or a key.
 *
 * @param actor who did it: {@code key:NAME}, {@code worker:ID}, {@code ledger}
 * @param action what, e.g. {@code job.submitted}
 * @param subjectType what it was done to, e.g. {@code job}
 * @param detail more, as JSON
 */
public record AuditEntry(
        UUID tenantId, String actor, String action, String subjectType, UUID subjectId, Map<String, ?> detail) {}
