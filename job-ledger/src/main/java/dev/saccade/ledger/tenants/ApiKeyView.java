package dev.saccade.ledger.tenants;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may be shown of an API key.
 *
 * @param prefix the secret's first characters
 * @param createdBy actor
 * @param lastUsedAt right to about a minute; null where it never was
 * @param previousUntil until when the secret that the last rotation replaced is still taken
 */
public record ApiKeyView(
        UUID id,
        UUID tenantId,
        String name,
        String prefix,
        Set<Scope> scopes,
        String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant previousUntil,
        @Nullable Instant revokedAt) {

    static final String COLUMNS =
            "id, tenant_id, name, prefix, scopes, created_by, created_at, expires_at, last_used_at,"
                    + " previous_until, revoked_at";

    public ApiKeyView {
        scopes = Set.copyOf(scopes);
    }

    static ApiKeyView of(ResultSet row, int number) throws SQLException {
        return new ApiKeyView(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getString("name"),
                row.getString("prefix"),
                scopes(row),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                time(row, "expires_at"),
                time(row, "last_used_at"),
                time(row, "previous_until"),
                time(row, "revoked_at"));
    }

    /** A scope of a newer version gives nothing here. */
    static Set<Scope> scopes(ResultSet row) throws SQLException {
        return Arrays.stream((String[]) row.getArray("scopes").getArray())
                .map(Scope::parse)
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
