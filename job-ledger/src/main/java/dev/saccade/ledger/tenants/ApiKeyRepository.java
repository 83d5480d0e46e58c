package dev.saccade.ledger.tenants;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The statements on api_key. */
interface ApiKeyRepository extends Repository<ApiKeyEntity, UUID> {

    @Query("select k from ApiKeyEntity k where k.secretHash = :hash and k.revokedAt is null"
            + " and (k.expiresAt is null or k.expiresAt > current_timestamp)")
    Optional<ApiKeyEntity> inForce(byte[] hash);

    @Query("select k.tenantId from ApiKeyEntity k where k.secretHash = :hash")
    Optional<UUID> ownerOf(byte[] hash);

    @Modifying
    @Query(
            nativeQuery = true,
            value = "insert into api_key (id, tenant_id, name, prefix, secret_hash, scopes)"
                    + " values (:id, :tenantId, :name, :prefix, :hash, :scopes) on conflict (secret_hash) do nothing")
    int insertIfAbsent(UUID id, UUID tenantId, String name, String prefix, byte[] hash, String[] scopes);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query(
            nativeQuery = true,
            value = "update api_key set scopes = cast(:scopes as text[])"
                    + " where secret_hash = :hash and tenant_id = :tenantId and scopes <> cast(:scopes as text[])")
    int setScopes(UUID tenantId, byte[] hash, String[] scopes);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query(
            nativeQuery = true,
            value = "update api_key set revoked_at = clock_timestamp()"
                    + " where id = :id and tenant_id = :tenantId and revoked_at is null")
    int revoke(UUID tenantId, UUID id);
}
