package dev.saccade.api.tenants;

import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.ApiKeyView;
import dev.saccade.ledger.tenants.IssuedKey;
import dev.saccade.ledger.tenants.Scope;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An API key, as administrators see it. */
@Schema(name = "ApiKey")
record ApiKeyDocument(
        String id,
        String name,

        @Schema(description = "The first characters of the secret")
        String prefix,

        List<String> scopes,
        String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,

        @Schema(description = "Right to about a minute") @Nullable
        Instant lastUsedAt,

        @Schema(description = "Until when the secret of before the last rotation is still taken") @Nullable
        Instant previousSecretUntil,

        @Nullable Instant revokedAt,

        @Schema(description = "The key itself: in the answer that makes it, and never again") @Nullable
        String secret) {

    static ApiKeyDocument of(ApiKeyView key) {
        return of(key, null);
    }

    static ApiKeyDocument of(IssuedKey issued) {
        return of(issued.key(), issued.secret());
    }

    private static ApiKeyDocument of(ApiKeyView key, @Nullable String secret) {
        return new ApiKeyDocument(
                ExternalId.API_KEY.format(key.id()),
                key.name(),
                key.prefix(),
                key.scopes().stream().map(Scope::text).sorted().toList(),
                key.createdBy(),
                key.createdAt(),
                key.expiresAt(),
                key.lastUsedAt(),
                key.previousUntil(),
                key.revokedAt(),
                secret);
    }

    /** A page of keys, newest first. */
    @Schema(name = "ApiKeyPage")
    record Page(
            List<ApiKeyDocument> data,
            boolean hasMore,

            @Schema(description = "Give it as after to get the next page") @Nullable
            String nextCursor) {}
}
