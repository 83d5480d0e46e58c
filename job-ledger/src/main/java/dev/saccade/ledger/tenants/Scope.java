package dev.saccade.ledger.tenants;

import java.util.Arrays;
import java.util.Optional;

/** What a caller may do, each with the name by which clients and the database know it. */
public enum Scope {
    /** Upload media and delete it. */
    MEDIA_WRITE("media:write"),
    /** Read facts and bytes of media. */
    MEDIA_READ("media:read"),
    /** Submit, cancel, retry and clone jobs and batches. */
    JOBS_WRITE("jobs:write"),
    /** Read jobs, batches, their events and results. */
    JOBS_READ("jobs:read"),
    /** Register webhooks and read their deliveries. */
    WEBHOOKS_MANAGE("webhooks:manage"),
    /** Create, rotate and revoke the tenant's API keys. */
    KEYS_MANAGE("keys:manage"),
    /** Read the tenant's usage and quotas. */
    USAGE_READ("usage:read"),
    /** Read, verify and export the tenant's audit log. */
    AUDIT_READ("audit:read"),
    /** Platform: create tenants, set their quotas, give each its first key. */
    TENANTS_MANAGE("tenants:manage"),
    /** Platform: dead letters, metrics and everything else that isn't one tenant's. */
    OPERATIONS_MANAGE("operations:manage");

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    /** For example {@code jobs:read}. */
    public String text() {
        return text;
    }

    /** The scope of this name; empty for any other text. */
    public static Optional<Scope> parse(String text) {
        return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
    }
}
