package dev.saccade.ledger.tenants;

import org.jspecify.annotations.Nullable;

/**
 * What a tenant may take; null is without limit.
 *
 * @param queuedJobs jobs that wait at one time
 * @param storedBytes of media that is kept
 * @param tokensPerDay read and written by jobs that ended on one day (UTC)
 * @param requestsPerMinute over all API instances
 */
public record TenantLimits(
        @Nullable Long queuedJobs,
        @Nullable Long storedBytes,
        @Nullable Long tokensPerDay,
        @Nullable Long requestsPerMinute) {

    /** What a tenant has that nobody gave any. */
    public static final TenantLimits DEFAULT = new TenantLimits(100_000L, null, null, 60_000L);
}
