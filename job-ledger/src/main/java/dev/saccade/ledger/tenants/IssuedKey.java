package dev.saccade.ledger.tenants;

/**
 * A key with its secret, which is told this once.
 *
 * @param secret {@code sk_...}
 */
public record IssuedKey(ApiKeyView key, String secret) {

    /** Without the secret, so that no log can have it. */
    @Override
    public String toString() {
        return "IssuedKey[" + key.id() + "]";
    }
}
