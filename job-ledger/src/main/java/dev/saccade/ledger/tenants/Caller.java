package dev.saccade.ledger.tenants;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request.
 *
 * @param keyId the API key; null where the caller showed a token of the configured issuer
 * @param actor the name under which audit log and usage know the caller: {@code key:NAME} or {@code user:SUBJECT}
 * @param scopes all that the caller may do
 */
public record Caller(UUID tenantId, @Nullable UUID keyId, String actor, Set<Scope> scopes) {

    public Caller {
        scopes = Set.copyOf(scopes);
    }
}
