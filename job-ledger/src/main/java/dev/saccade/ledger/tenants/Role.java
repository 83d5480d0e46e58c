package dev.saccade.ledger.tenants;

import static dev.saccade.ledger.tenants.Scope.AUDIT_READ;
import static dev.saccade.ledger.tenants.Scope.JOBS_READ;
import static dev.saccade.ledger.tenants.Scope.JOBS_WRITE;
import static dev.saccade.ledger.tenants.Scope.KEYS_MANAGE;
import static dev.saccade.ledger.tenants.Scope.MEDIA_READ;
import static dev.saccade.ledger.tenants.Scope.MEDIA_WRITE;
import static dev.saccade.ledger.tenants.Scope.OPERATIONS_MANAGE;
import static dev.saccade.ledger.tenants.Scope.TENANTS_MANAGE;
import static dev.saccade.ledger.tenants.Scope.USAGE_READ;
import static dev.saccade.ledger.tenants.Scope.WEBHOOKS_MANAGE;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Bundles of scopes. What is checked is always the scope. */
public enum Role {
    SUBMITTER(Set.of(MEDIA_WRITE, MEDIA_READ, JOBS_WRITE, JOBS_READ, WEBHOOKS_MANAGE)),
    VIEWER(Set.of(MEDIA_READ, JOBS_READ)),
    AUDITOR(Set.of(AUDIT_READ, USAGE_READ)),
    /** Everything within one tenant. */
    ADMIN(Set.of(MEDIA_WRITE, MEDIA_READ, JOBS_WRITE, JOBS_READ, WEBHOOKS_MANAGE, KEYS_MANAGE, USAGE_READ, AUDIT_READ)),
    /** Who runs the platform: tenants, but none of their data. */
    PLATFORM(Set.of(TENANTS_MANAGE, OPERATIONS_MANAGE, KEYS_MANAGE, AUDIT_READ));

    private final Set<Scope> scopes;

    Role(Set<Scope> scopes) {
        this.scopes = scopes;
    }

    public Set<Scope> scopes() {
        return scopes;
    }

    /** In JSON and in tokens: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of this name; empty for any other text. */
    public static Optional<Role> parse(String text) {
        return Arrays.stream(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
