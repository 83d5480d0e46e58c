package dev.saccade.api.tenants;

import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.TenantLimits;
import dev.saccade.ledger.tenants.TenantView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tenant, as those who run the platform see it. */
@Schema(name = "Tenant")
record TenantDocument(
        String id,
        String name,
        Instant createdAt,

        @Schema(description = "Since when its keys open nothing") @Nullable
        Instant suspendedAt,

        Limits limits,
        Retention retention) {

    private static final long LONGEST_HOURS = 876_000; // a hundred years

    static TenantDocument of(TenantView tenant) {
        return new TenantDocument(
                ExternalId.TENANT.format(tenant.id()),
                tenant.name(),
                tenant.createdAt(),
                tenant.suspendedAt(),
                Limits.of(tenant.limits()),
                Retention.of(tenant.mediaRetention()));
    }

    /** How long a tenant's data is kept. */
    @Schema(name = "TenantRetention")
    record Retention(
            @Schema(
                    description = "Media is deleted so long after its upload; for ever where it is left out",
                    minimum = "1",
                    maximum = "876000")
            @Nullable
            Long mediaHours) {

        static Retention of(@Nullable Duration media) {
            return new Retention(media == null ? null : media.toHours());
        }

        /** What is asked for; null for ever. */
        @Nullable
        Duration checked() {
            if (mediaHours == null) {
                return null;
            }
            if (mediaHours < 1 || mediaHours > LONGEST_HOURS) {
                throw ProblemException.invalid(
                        "invalid-tenant",
                        "/media_hours",
                        "Give 1 to " + LONGEST_HOURS + ", or leave it out to keep media for ever.");
            }
            return Duration.ofHours(mediaHours);
        }
    }

    /** What a tenant may take; what is left out is without limit. */
    @Schema(name = "TenantLimits")
    record Limits(
            @Schema(description = "Jobs that wait at one time", minimum = "0") @Nullable
            Long queuedJobs,

            @Schema(description = "Bytes of media that is kept", minimum = "0") @Nullable
            Long storedBytes,

            @Schema(description = "Tokens of jobs that end on one day (UTC)", minimum = "0") @Nullable
            Long tokensPerDay,

            @Schema(description = "Requests over all instances", minimum = "1") @Nullable
            Long requestsPerMinute) {

        static Limits of(TenantLimits limits) {
            return new Limits(
                    limits.queuedJobs(), limits.storedBytes(), limits.tokensPerDay(), limits.requestsPerMinute());
        }

        TenantLimits toLedger() {
            return new TenantLimits(queuedJobs, storedBytes, tokensPerDay, requestsPerMinute);
        }
    }

    /** The body that asks for a tenant. */
    @Schema(name = "NewTenant", example = "{\"name\": \"warehouse-north\"}")
    record New(
            @Schema(description = "1 to 100 characters, of no other tenant") @Nullable
            String name,

            @Schema(description = "100,000 queued jobs and 60,000 requests a minute where it is left out") @Nullable
            Limits limits) {}

    /** A page of tenants, newest first. */
    @Schema(name = "TenantPage")
    record Page(
            List<TenantDocument> data,
            boolean hasMore,

            @Schema(description = "Give it as after to get the next page") @Nullable
            String nextCursor) {}
}
