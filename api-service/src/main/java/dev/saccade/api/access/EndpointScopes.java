package dev.saccade.api.access;

import dev.saccade.ledger.tenants.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one table of who may call what. An endpoint that isn't in it answers nobody, and a test fails for it: add a line with
 * each new mapping, its pattern written as the controller writes it.
 */
final class EndpointScopes {

    private static final Map<String, Needs> TABLE = new HashMap<>();

    static {
        needs(Scope.MEDIA_WRITE, "POST /v1/videos");
        needs(Scope.MEDIA_WRITE, "POST /v1/videos/import");
        needs(Scope.MEDIA_WRITE, "DELETE /v1/videos/{id}");
        // also to read them: the answers hold addresses that can be written to
        needs(Scope.MEDIA_WRITE, "POST /v1/uploads");
        needs(Scope.MEDIA_WRITE, "GET /v1/uploads/{id}");
        needs(Scope.MEDIA_WRITE, "POST /v1/uploads/{id}/complete");
        needs(Scope.MEDIA_WRITE, "DELETE /v1/uploads/{id}");
        needs(Scope.MEDIA_WRITE, "OPTIONS /v1/tus");
        needs(Scope.MEDIA_WRITE, "POST /v1/tus");
        needs(Scope.MEDIA_WRITE, "HEAD /v1/tus/{id}");
        needs(Scope.MEDIA_WRITE, "PATCH /v1/tus/{id}");
        needs(Scope.MEDIA_WRITE, "POST /v1/tus/{id}");
        needs(Scope.MEDIA_WRITE, "DELETE /v1/tus/{id}");
        needs(Scope.MEDIA_READ, "GET /v1/videos");
        needs(Scope.MEDIA_READ, "GET /v1/videos/{id}");
        needs(Scope.MEDIA_READ, "GET /v1/videos/{id}/content");

        needs(Scope.JOBS_WRITE, "POST /v1/jobs");
        needs(Scope.JOBS_WRITE, "POST /v1/jobs/{id}/cancel");
        needs(Scope.JOBS_WRITE, "POST /v1/jobs/{id}/retry");
        needs(Scope.JOBS_WRITE, "POST /v1/jobs/{id}/clone");
        needs(Scope.JOBS_WRITE, "POST /v1/jobs/{id}/rerun");
        needs(Scope.JOBS_WRITE, "POST /v1/jobs/cancel");
        needs(Scope.JOBS_READ, "GET /v1/jobs");
        needs(Scope.JOBS_READ, "GET /v1/jobs/{id}");
        needs(Scope.JOBS_READ, "GET /v1/jobs/{id}/events");
        needs(Scope.JOBS_READ, "GET /v1/jobs/{id}/segments");

        needs(Scope.JOBS_WRITE, "POST /v1/prompts");
        needs(Scope.JOBS_WRITE, "DELETE /v1/prompts/{name}");
        needs(Scope.JOBS_READ, "GET /v1/prompts");
        needs(Scope.JOBS_READ, "GET /v1/prompts/{name}");

        needs(Scope.JOBS_WRITE, "POST /v1/critiques");
        needs(Scope.JOBS_READ, "GET /v1/critiques/{id}");
        needs(Scope.JOBS_READ, "GET /v1/critiques/{id}/report");

        needs(Scope.JOBS_WRITE, "POST /v1/batches");
        needs(Scope.JOBS_WRITE, "POST /v1/batches/{id}/cancel");
        needs(Scope.JOBS_READ, "GET /v1/batches");
        needs(Scope.JOBS_READ, "GET /v1/batches/{id}");
        needs(Scope.JOBS_READ, "GET /v1/batches/{id}/output");
        needs(Scope.JOBS_READ, "GET /v1/batches/{id}/errors");

        // and media:write where the body brings media
        needs(Scope.JOBS_WRITE, "POST /v1/chat/completions");
        needs(Scope.JOBS_READ, "GET /v1/models");
        needs(Scope.JOBS_READ, "GET /v1/models/{id}");
        needs(Scope.JOBS_WRITE, "POST /v1/responses");
        needs(Scope.JOBS_WRITE, "POST /v1/responses/{id}/cancel");
        needs(Scope.JOBS_READ, "GET /v1/responses/{id}");
        needs(Scope.MEDIA_WRITE, "POST /v1/files");
        needs(Scope.MEDIA_WRITE, "DELETE /v1/files/{id}");
        needs(Scope.MEDIA_READ, "GET /v1/files");
        needs(Scope.MEDIA_READ, "GET /v1/files/{id}");
        // and jobs:read for what became of a batch
        needs(Scope.MEDIA_READ, "GET /v1/files/{id}/content");

        needs(Scope.WEBHOOKS_MANAGE, "POST /v1/webhooks");
        needs(Scope.WEBHOOKS_MANAGE, "GET /v1/webhooks");
        needs(Scope.WEBHOOKS_MANAGE, "GET /v1/webhooks/{id}");
        needs(Scope.WEBHOOKS_MANAGE, "POST /v1/webhooks/{id}/rotate");
        needs(Scope.WEBHOOKS_MANAGE, "POST /v1/webhooks/{id}/enable");
        needs(Scope.WEBHOOKS_MANAGE, "DELETE /v1/webhooks/{id}");
        needs(Scope.WEBHOOKS_MANAGE, "GET /v1/webhooks/{id}/deliveries");
        needs(Scope.WEBHOOKS_MANAGE, "POST /v1/webhooks/{id}/deliveries/{delivery}/redeliver");

        needs(Scope.KEYS_MANAGE, "POST /v1/api-keys");
        needs(Scope.KEYS_MANAGE, "GET /v1/api-keys");
        needs(Scope.KEYS_MANAGE, "GET /v1/api-keys/{id}");
        needs(Scope.KEYS_MANAGE, "POST /v1/api-keys/{id}/rotate");
        needs(Scope.KEYS_MANAGE, "DELETE /v1/api-keys/{id}");

        needs(Scope.TENANTS_MANAGE, "POST /v1/tenants");
        needs(Scope.TENANTS_MANAGE, "GET /v1/tenants");
        needs(Scope.TENANTS_MANAGE, "GET /v1/tenants/{id}");
        needs(Scope.TENANTS_MANAGE, "PUT /v1/tenants/{id}/limits");
        needs(Scope.TENANTS_MANAGE, "PUT /v1/tenants/{id}/retention");
        needs(Scope.TENANTS_MANAGE, "POST /v1/tenants/{id}/suspend");
        needs(Scope.TENANTS_MANAGE, "POST /v1/tenants/{id}/resume");
        needs(Scope.TENANTS_MANAGE, "POST /v1/tenants/{id}/api-keys");
        needs(Scope.TENANTS_MANAGE, "GET /v1/tenants/{id}/usage");
        needs(Scope.OPERATIONS_MANAGE, "GET /v1/dead-letters");
        needs(Scope.OPERATIONS_MANAGE, "POST /v1/dead-letters/{id}/requeue");
        needs(Scope.USAGE_READ, "GET /v1/usage");

        needs(Scope.AUDIT_READ, "GET /v1/audit");
        needs(Scope.AUDIT_READ, "GET /v1/audit/verification");
        needs(Scope.AUDIT_READ, "GET /v1/audit/export");

        anybody("GET /v3/api-docs");
        anybody("GET /v3/api-docs.yaml");
        anybody("* /error");
    }

    private EndpointScopes() {}

    /** What this endpoint needs; empty for one that nobody has entered here, which stays closed. */
    static Optional<Needs> of(String method, String pattern) {
        var exact = TABLE.get(method + " " + pattern);
        if (exact == null && method.equals("HEAD")) {
            exact = TABLE.get("GET " + pattern);
        }
        return Optional.ofNullable(exact == null ? TABLE.get("* " + pattern) : exact);
    }

    /** Every line's method (or {@code *}) and pattern. */
    static Set<String> lines() {
        return Set.copyOf(TABLE.keySet());
    }

    private static void needs(Scope scope, String endpoint) {
        enter(endpoint, new Needs.OneScope(scope));
    }

    /** Whoever has come through {@link AccessFilter}, which decides what is open without a key. */
    private static void anybody(String endpoint) {
        enter(endpoint, new Needs.Nothing());
    }

    private static void enter(String endpoint, Needs needs) {
        if (TABLE.put(endpoint, needs) != null) {
            throw new IllegalStateException(endpoint + " is entered twice.");
        }
    }

    /** What a caller must hold. */
    sealed interface Needs {

        record OneScope(Scope scope) implements Needs {}

        record Nothing() implements Needs {}
    }
}
