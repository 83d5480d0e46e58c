package dev.saccade.ledger.tenants;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * API keys: {@code sk_} and 43 base64url characters, which hold 32 random bytes. Only their SHA-256 is kept; it is looked
 * up as a whole, so that comparing takes no time that would tell anything.
 */
public final class ApiKeys {

    private static final Pattern KEY = Pattern.compile("sk_[A-Za-z0-9_-]{43}");
    private static final int SECRET_BYTES = 32;
    private static final int SHOWN_CHARACTERS = 8;

    private final ApiKeyRepository keys;
    private final AuditLog audit;
    private final TransactionTemplate transaction;
    private final SecureRandom random = new SecureRandom();

    ApiKeys(ApiKeyRepository keys, AuditLog audit, PlatformTransactionManager transactions) {
        this.keys = keys;
        this.audit = audit;
        transaction = new TransactionTemplate(transactions);
    }

    /** Whose key this is; empty for anything that isn't a key in force. */
    public Optional<Caller> authenticate(String presented) {
        if (!KEY.matcher(presented).matches()) {
            return Optional.empty();
        }
        return keys.inForce(sha256(presented))
                .map(key -> new Caller(key.tenantId, key.id, "key:" + key.name, key.readScopes()));
    }

    /** A new key, which is told this once. */
    public String issue(UUID tenantId, String name, Set<Scope> scopes) {
        var secret = generate();
        register(tenantId, name, secret, scopes);
        return secret;
    }

    /** A key of the right form that nobody has; it is valid once {@link #register registered}. */
    public String generate() {
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return "sk_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Makes a key of the caller's choice valid, with these scopes; where it already is this tenant's, only its scopes may change.
     *
     * @throws IllegalArgumentException where the secret hasn't the form of a key, or is another tenant's
     */
    public void register(UUID tenantId, String name, String secret, Set<Scope> scopes) {
        if (!KEY.matcher(secret).matches()) {
            throw new IllegalArgumentException("An API key is sk_ and 43 base64url characters.");
        }
        var hash = sha256(secret);
        var texts = scopes.stream().map(Scope::text).sorted().toArray(String[]::new);
        transaction.executeWithoutResult(status -> {
            var id = UuidCreator.getTimeOrderedEpoch();
            var prefix = secret.substring(0, SHOWN_CHARACTERS);
            if (keys.insertIfAbsent(id, tenantId, name, prefix, hash, texts) == 1) {
                audit.append(new AuditEntry(
                        tenantId,
                        "ledger",
                        "api_key.issued",
                        "api_key",
                        id,
                        Map.of("name", name, "prefix", prefix, "scopes", texts)));
            } else if (!keys.ownerOf(hash).equals(Optional.of(tenantId))) {
                throw new IllegalArgumentException("This API key belongs to another tenant.");
            } else {
                keys.setScopes(tenantId, hash, texts);
            }
        });
    }

    /** Ends a key at once. False where the tenant has no such key in force. */
    public boolean revoke(UUID tenantId, UUID keyId, String actor) {
        return Objects.requireNonNull(transaction.execute(status -> {
            if (keys.revoke(tenantId, keyId) == 0) {
                return false;
            }
            audit.append(new AuditEntry(tenantId, actor, "api_key.revoked", "api_key", keyId, Map.of()));
            return true;
        }));
    }

    private static byte[] sha256(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
