package dev.saccade.ledger.tenants;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A row of api_key. */
@Entity
@Table(name = "api_key")
class ApiKeyEntity {

    @Id
    UUID id;

    @Column(name = "tenant_id")
    UUID tenantId;

    String name;
    String prefix;

    @Column(name = "secret_hash")
    byte[] secretHash;

    @JdbcTypeCode(SqlTypes.ARRAY)
    String[] scopes;

    @Column(name = "expires_at")
    @Nullable
    Instant expiresAt;

    @Column(name = "revoked_at")
    @Nullable
    Instant revokedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills it
    protected ApiKeyEntity() {}

    /** A scope of a newer version gives nothing here. */
    Set<Scope> readScopes() {
        return Arrays.stream(scopes)
                .map(Scope::parse)
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
    }
}
