package dev.saccade.ledger.tenants;

import java.util.Optional;
import java.util.UUID;

/** API keys: {@code sk_} and 43 base64url characters. Only their SHA-256 is kept. */
public final class ApiKeys {

    /** Whose key this is; empty for anything that isn't a key in force. */
    public Optional<Caller> authenticate(String presented) {
        throw new UnsupportedOperationException();
    }

    /** A new key, which is told this once. */
    public String issue(UUID tenantId, String name) {
        throw new UnsupportedOperationException();
    }

    /** Makes a key of the caller's choice valid; does nothing where it already is this tenant's. */
    public void register(UUID tenantId, String name, String secret) {
        throw new UnsupportedOperationException();
    }

    /** Ends a key at once. False where the tenant has no such key in force. */
    public boolean revoke(UUID tenantId, UUID keyId, String actor) {
        throw new UnsupportedOperationException();
    }
}
