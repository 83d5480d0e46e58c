package dev.saccade.ledger.usage;

/** How much a tenant takes at the moment of what its limits bound: waiting jobs, stored bytes, today's tokens (UTC). */
public record QuotaUse(long queuedJobs, long storedBytes, long tokensToday) {}
