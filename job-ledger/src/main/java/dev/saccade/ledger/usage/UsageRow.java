package dev.saccade.ledger.usage;

import java.time.LocalDate;

/**
 * What one key or user of a tenant used on one day (UTC).
 *
 * @param actor {@code key:NAME} or {@code user:SUBJECT}
 * @param succeeded jobs that ended so on that day
 * @param unsuccessful jobs that failed, expired or were cancelled
 * @param deviceMillis time in which the device worked at jobs that succeeded, alone or beside others
 * @param uploadedBytes of media that became ready on that day
 */
public record UsageRow(
        LocalDate day,
        String actor,
        long succeeded,
        long unsuccessful,
        long promptTokens,
        long completionTokens,
        long deviceMillis,
        long uploadedBytes) {}
