package dev.saccade.ledger.tenants;

import java.util.UUID;

/** Whose API key a request carried. */
public record Caller(UUID tenantId, UUID keyId, String keyName) {

    /** The name under which the audit log knows the caller. */
    public String actor() {
        return "key:" + keyName;
    }
}
