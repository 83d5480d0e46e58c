package dev.saccade.ledger.tenants;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.json.StorableText;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * API keys. Only the SHA-256 of a secret is kept; it is looked up as a whole, so that comparing takes no time that would
 * tell anything. Every change is audited with its actor.
 */
public final class ApiKeys {

    private static final int LONGEST_ACTOR = 200;
    private static final String LEDGER = "ledger";

    private final JdbcClient sql;
    private final JdbcOperations batches;
    private final AuditLog audit;
    private final TransactionTemplate transaction;

    ApiKeys(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        sql = JdbcClient.create(jdbc);
        batches = jdbc;
        this.audit = audit;
        transaction = new TransactionTemplate(transactions);
    }

    /** Whose key this is; empty for anything that isn't a key in force of a tenant that isn't suspended. */
    public Optional<Caller> authenticate(String presented) {
        if (!KeySecrets.wellFormed(presented)) {
            return Optional.empty();
        }
        return sql.sql("""
                        select k.id, k.tenant_id, k.name, k.scopes
                        from api_key k join tenant t on t.id = k.tenant_id
                        where (k.secret_hash = :hash or (k.previous_hash = :hash and k.previous_until > now()))
                            and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
                            and t.suspended_at is null
                        """)
                .param("hash", KeySecrets.sha256(presented))
                .query((row, number) -> new Caller(
                        row.getObject("tenant_id", UUID.class),
                        row.getObject("id", UUID.class),
                        "key:" + row.getString("name"),
                        ApiKeyView.scopes(row)))
                .optional();
    }

    /**
     * A new key, which is told this once.
     *
     * @param name 1 to 200 characters, of no other key in force of the tenant
     * @throws NameTakenException where another has it
     */
    public IssuedKey create(UUID tenantId, String name, Set<Scope> scopes, @Nullable Instant expiresAt, String actor) {
        var secret = KeySecrets.generate();
        var id = UuidCreator.getTimeOrderedEpoch();
        return inTransaction(() -> {
            try {
                insert(id, tenantId, name, scopes, expiresAt, actor, secret, "");
            } catch (DuplicateKeyException e) {
                throw new NameTakenException(name);
            }
            return new IssuedKey(find(tenantId, id).orElseThrow(), secret);
        });
    }

    /** A new key of the ledger's own making, e.g. for a tool that shares the database. */
    public String issue(UUID tenantId, String name, Set<Scope> scopes) {
        return create(tenantId, name, scopes, null, LEDGER).secret();
    }

    /** A key of the right form that nobody has; it is valid once {@link #register registered}. */
    public String generate() {
        return KeySecrets.generate();
    }

    /**
     * Makes a key of the caller's choice valid, with these scopes; where it already is this tenant's, only its scopes may
     * change.
     *
     * @throws IllegalArgumentException where the secret hasn't the form of a key, or is another tenant's
     */
    public void register(UUID tenantId, String name, String secret, Set<Scope> scopes) {
        if (!KeySecrets.wellFormed(secret)) {
            throw new IllegalArgumentException("An API key is sk_ and 43 base64url characters.");
        }
        transaction.executeWithoutResult(status -> {
            var id = UuidCreator.getTimeOrderedEpoch();
            if (insert(id, tenantId, name, scopes, null, LEDGER, secret, " on conflict (secret_hash) do nothing")
                    == 1) {
                return;
            }
            var hash = KeySecrets.sha256(secret);
            var owner = sql.sql("select tenant_id from api_key where secret_hash = :hash")
                    .param("hash", hash)
                    .query(UUID.class)
                    .single();
            if (!owner.equals(tenantId)) {
                throw new IllegalArgumentException("This API key belongs to another tenant.");
            }
            sql.sql("update api_key set scopes = cast(:scopes as text[])"
                            + " where secret_hash = :hash and scopes <> cast(:scopes as text[])")
                    .param("scopes", texts(scopes))
                    .param("hash", hash)
                    .update();
        });
    }

    private int insert(
            UUID id,
            UUID tenantId,
            String name,
            Set<Scope> scopes,
            @Nullable Instant expiresAt,
            String actor,
            String secret,
            String onConflict) {
        int inserted = sql.sql(
                        "insert into api_key (id, tenant_id, name, prefix, secret_hash, scopes, expires_at, created_by)"
                                + " values (:id, :tenant, :name, :prefix, :hash, :scopes, :expires, :actor)"
                                + onConflict)
                .param("id", id)
                .param("tenant", tenantId)
                .param("name", StorableText.clean(name))
                .param("prefix", KeySecrets.prefix(secret))
                .param("hash", KeySecrets.sha256(secret))
                .param("scopes", texts(scopes))
                .param("expires", expiresAt == null ? null : Timestamp.from(expiresAt))
                .param("actor", StorableText.clip(actor, LONGEST_ACTOR))
                .update();
        if (inserted == 1) {
            var detail = new HashMap<String, Object>(
                    Map.of("name", name, "prefix", KeySecrets.prefix(secret), "scopes", texts(scopes)));
            if (expiresAt != null) {
                detail.put("expires_at", expiresAt.toString());
            }
            record(tenantId, id, actor, "api_key.issued", detail);
        }
        return inserted;
    }

    /**
     * Gives a key another secret. The one before goes on being taken for a while; the one before that ends.
     *
     * @param overlap how long both are taken; zero ends the old one at once
     * @return empty where the tenant has no such key in force
     */
    public Optional<IssuedKey> rotate(UUID tenantId, UUID keyId, Duration overlap, String actor) {
        var secret = KeySecrets.generate();
        return inTransaction(() -> {
            int changed = sql.sql("""
                            update api_key
                            set previous_hash = secret_hash, secret_hash = :hash, prefix = :prefix,
                                previous_until = clock_timestamp() + cast(:overlap as bigint) * interval '1 second'
                            where id = :id and tenant_id = :tenant and revoked_at is null
                            """)
                    .param("hash", KeySecrets.sha256(secret))
                    .param("prefix", KeySecrets.prefix(secret))
                    .param("overlap", overlap.toSeconds())
                    .param("id", keyId)
                    .param("tenant", tenantId)
                    .update();
            if (changed == 0) {
                return Optional.empty();
            }
            record(tenantId, keyId, actor, "api_key.rotated", Map.of("overlap_seconds", overlap.toSeconds()));
            return Optional.of(new IssuedKey(find(tenantId, keyId).orElseThrow(), secret));
        });
    }

    /** Ends a key, both of its secrets, at once. False where the tenant has no such key in force. */
    public boolean revoke(UUID tenantId, UUID keyId, String actor) {
        return inTransaction(() -> {
            int changed = sql.sql("update api_key set revoked_at = clock_timestamp()"
                            + " where id = :id and tenant_id = :tenant and revoked_at is null")
                    .param("id", keyId)
                    .param("tenant", tenantId)
                    .update();
            if (changed == 1) {
                record(tenantId, keyId, actor, "api_key.revoked", Map.of());
            }
            return changed == 1;
        });
    }

    /** The tenant's key, also an expired or revoked one. */
    public Optional<ApiKeyView> find(UUID tenantId, UUID keyId) {
        return sql.sql("select " + ApiKeyView.COLUMNS + " from api_key where tenant_id = :tenant and id = :id")
                .param("tenant", tenantId)
                .param("id", keyId)
                .query(ApiKeyView::of)
                .optional();
    }

    /**
     * The tenant's keys, newest first.
     *
     * @param after the last id of the page before; null for the first page
     */
    public List<ApiKeyView> list(UUID tenantId, @Nullable UUID after, int limit) {
        return sql.sql("select " + ApiKeyView.COLUMNS + " from api_key where tenant_id = :tenant"
                        + (after == null ? "" : " and id < :after") + " order by id desc limit :limit")
                .params(
                        after == null
                                ? Map.of("tenant", tenantId, "limit", limit)
                                : Map.of("tenant", tenantId, "limit", limit, "after", after))
                .query(ApiKeyView::of)
                .list();
    }

    /** Notes when keys were used; at most once a minute for each, however many instances do. */
    public void used(Map<UUID, Instant> lastUse) {
        var rows = lastUse.entrySet().stream()
                .sorted(Map.Entry.comparingByKey()) // two instances lock in one order
                .map(use -> new Object[] {Timestamp.from(use.getValue()), use.getKey(), Timestamp.from(use.getValue())})
                .toList();
        batches.batchUpdate(
                "update api_key set last_used_at = ? where id = ?"
                        + " and (last_used_at is null or last_used_at < ?::timestamptz - interval '1 minute')",
                rows);
    }

    private void record(UUID tenantId, UUID keyId, String actor, String action, Map<String, ?> detail) {
        audit.append(new AuditEntry(tenantId, actor, action, "api_key", keyId, detail));
    }

    private static String[] texts(Set<Scope> scopes) {
        return scopes.stream().map(Scope::text).sorted().toArray(String[]::new);
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }
}
