package dev.saccade.ledger.tenants;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as it stood when it was read.
 *
 * @param suspendedAt since when its keys and tokens open nothing; null where they do
 * @param mediaRetention how long media is kept after it got ready; null: for ever
 */
public record TenantView(
        UUID id,
        String name,
        Instant createdAt,
        @Nullable Instant suspendedAt,
        TenantLimits limits,
        @Nullable Duration mediaRetention) {

    static final String COLUMNS = "id, name, created_at, suspended_at, max_queued_jobs, max_stored_bytes,"
            + " max_tokens_per_day, max_requests_per_minute, extract(epoch from media_retention)::bigint as media_retention_seconds";

    static TenantView of(ResultSet row, int number) throws SQLException {
        var retention = row.getObject("media_retention_seconds", Long.class);
        return new TenantView(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                ApiKeyView.time(row, "suspended_at"),
                new TenantLimits(
                        row.getObject("max_queued_jobs", Long.class),
                        row.getObject("max_stored_bytes", Long.class),
                        row.getObject("max_tokens_per_day", Long.class),
                        row.getObject("max_requests_per_minute", Long.class)),
                retention == null ? null : Duration.ofSeconds(retention));
    }
}
