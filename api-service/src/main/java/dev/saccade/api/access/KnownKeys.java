package dev.saccade.api.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.tenants.Role;
import dev.saccade.ledger.tenants.Tenants;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Looks keys up, remembers good ones for a moment, and notes when they were used. */
public final class KnownKeys {

    /** The tenant of those who run the platform; it has no data. */
    static final String PLATFORM_TENANT = "platform";

    private static final int MOST = 10_000;

    private final ApiKeys keys;
    private final Tenants tenants;
    private final @Nullable String bootstrapKey;
    private final Cache<String, Caller> good;
    private final Map<UUID, Instant> used = new ConcurrentHashMap<>();

    KnownKeys(ApiKeys keys, Tenants tenants, AccessProperties properties) {
        this.keys = keys;
        this.tenants = tenants;
        String given = properties.bootstrapKey();
        bootstrapKey = given == null || given.isBlank() ? null : given;
        good = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(properties.keyCache())
                .build();
    }

    Optional<Caller> authenticate(String presented) {
        Caller remembered = good.getIfPresent(presented);
        Optional<Caller> caller = remembered == null ? lookUp(presented) : Optional.of(remembered);
        caller.map(Caller::keyId).ifPresent(key -> used.put(key, Instant.now()));
        return caller;
    }

    /** After a change that must be seen at once, on this instance at least. */
    public void forget() {
        good.invalidateAll();
    }

    private Optional<Caller> lookUp(String presented) {
        Optional<Caller> known = keys.authenticate(presented);
        if (known.isEmpty() && isBootstrapKey(presented)) {
            keys.register(tenants.ensure(PLATFORM_TENANT), "bootstrap", presented, Role.PLATFORM.scopes());
            known = keys.authenticate(presented);
        }
        known.ifPresent(caller -> good.put(presented, caller));
        return known;
    }

    private boolean isBootstrapKey(String presented) {
        return bootstrapKey != null
                && MessageDigest.isEqual(
                        bootstrapKey.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes what was noted since the last call. */
    void writeLastUses() {
        Map<UUID, Instant> noted = new HashMap<>();
        used.keySet().forEach(key -> {
            Instant time = used.remove(key);
            if (time != null) {
                noted.put(key, time);
            }
        });
        if (!noted.isEmpty()) {
            keys.used(noted);
        }
    }
}
