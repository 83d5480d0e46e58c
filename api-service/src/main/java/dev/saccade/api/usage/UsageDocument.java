package dev.saccade.api.usage;

import dev.saccade.ledger.tenants.TenantLimits;
import dev.saccade.ledger.usage.QuotaUse;
import dev.saccade.ledger.usage.UsageRow;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a tenant used, by day (UTC) and key, and how much of its quotas is taken now. */
@Schema(name = "Usage")
record UsageDocument(List<Entry> data, Quotas quotas) {

    static UsageDocument of(List<UsageRow> rows, QuotaUse now, TenantLimits limits) {
        return new UsageDocument(
                rows.stream().map(Entry::of).toList(),
                new Quotas(
                        new Quota(now.queuedJobs(), limits.queuedJobs()),
                        new Quota(now.storedBytes(), limits.storedBytes()),
                        new Quota(now.tokensToday(), limits.tokensPerDay())));
    }

    /** One key's or user's share of a day. */
    @Schema(name = "UsageEntry")
    record Entry(
            @Schema(format = "date", example = "2026-11-26") String day,

            @Schema(description = "key:NAME, or user:SUBJECT for a token's")
            String actor,

            @Schema(description = "Jobs that ended so on that day")
            long jobsSucceeded,

            @Schema(description = "Jobs that failed, expired or were cancelled")
            long jobsUnsuccessful,

            long promptTokens,
            long completionTokens,

            @Schema(description = "Time in which the device worked at jobs that succeeded, alone or beside others")
            double deviceSeconds,

            @Schema(description = "Media that became ready on that day")
            long uploadedBytes) {

        static Entry of(UsageRow row) {
            return new Entry(
                    row.day().toString(),
                    row.actor(),
                    row.succeeded(),
                    row.unsuccessful(),
                    row.promptTokens(),
                    row.completionTokens(),
                    row.deviceMillis() / 1000.0,
                    row.uploadedBytes());
        }
    }

    /** The quotas of a tenant. */
    @Schema(name = "Quotas")
    record Quotas(Quota queuedJobs, Quota storedBytes, Quota tokensToday) {}

    /** How much is taken of what may be; without a limit where that is left out. */
    @Schema(name = "Quota")
    record Quota(long used, @Nullable Long limit) {}
}
