package dev.saccade.api.tenants;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.access.KnownKeys;
import dev.saccade.api.paging.Pages;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.ApiKeyView;
import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.tenants.NameTakenException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The tenant's API keys. */
@Tag(name = "API keys", description = "Create, rotate and revoke the keys of your tenant.")
@RestController
@RequestMapping(path = "/v1/api-keys", produces = MediaType.APPLICATION_JSON_VALUE)
final class ApiKeyController {

    private static final Duration LONGEST_OVERLAP = Duration.ofDays(30);
    private static final Duration OVERLAP = Duration.ofDays(1);

    private final ApiKeys keys;
    private final KnownKeys known;

    ApiKeyController(ApiKeys keys, KnownKeys known) {
        this.keys = keys;
        this.known = known;
    }

    @Operation(
            operationId = "createApiKey",
            summary = "Create a key",
            description = "Its secret is in this answer and never again. It may do no more than you may. "
                    + "Names are taken once, so that a repeated request is refused and makes no second key.")
    @ApiResponse(responseCode = "201", description = "The key with its secret")
    @ApiResponse(responseCode = "409", description = "A key in force has this name")
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ApiKeyDocument> create(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @RequestBody NewApiKey request) {
        var checked = request.check(caller.scopes(), Clock.systemUTC().instant());
        return created(keys, caller.tenantId(), checked, caller.actor());
    }

    static ResponseEntity<ApiKeyDocument> created(
            ApiKeys keys, UUID tenantId, NewApiKey.Checked request, String actor) {
        try {
            var issued = keys.create(tenantId, request.name(), request.scopes(), request.expiresAt(), actor);
            var document = ApiKeyDocument.of(issued);
            return ResponseEntity.created(URI.create("/v1/api-keys/" + document.id()))
                    .header("Cache-Control", "no-store")
                    .body(document);
        } catch (NameTakenException taken) {
            throw new ProblemException(
                    409,
                    "name-taken",
                    "A key in force has this name. Choose another, or revoke that key.",
                    List.of(new Violation("/name", "This name is taken.")));
        }
    }

    @Operation(operationId = "listApiKeys", summary = "Keys, newest first, revoked ones too")
    @ApiResponse(responseCode = "200", description = "A page of keys, without secrets")
    @GetMapping
    ApiKeyDocument.Page list(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @Parameter(description = "next_cursor of the page before") @RequestParam(required = false) @Nullable
                    String after,
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
                    @RequestParam(defaultValue = "20")
                    int limit) {
        Pages.requireLimit(limit);
        var found = keys.list(caller.tenantId(), Pages.cursor(ExternalId.API_KEY, after), limit + 1);
        var page = found.stream().limit(limit).map(ApiKeyDocument::of).toList();
        boolean more = found.size() > limit;
        return new ApiKeyDocument.Page(page, more, more ? page.getLast().id() : null);
    }

    @Operation(operationId = "getApiKey", summary = "A key, without its secret")
    @ApiResponse(responseCode = "200", description = "The key")
    @GetMapping("/{id}")
    ApiKeyDocument get(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        return ApiKeyDocument.of(find(caller, id));
    }

    @Operation(
            operationId = "rotateApiKey",
            summary = "Give a key another secret",
            description = "The secret of before is taken for overlap_seconds more, so that clients can change over.")
    @ApiResponse(responseCode = "200", description = "The key with its new secret")
    @ApiResponse(responseCode = "409", description = "The key is revoked")
    @PostMapping("/{id}/rotate")
    ResponseEntity<ApiKeyDocument> rotate(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            @Parameter(schema = @Schema(type = "integer", minimum = "0", maximum = "2592000", defaultValue = "86400"))
                    @RequestParam(name = "overlap_seconds", required = false)
                    @Nullable
                    Long overlapSeconds) {
        var overlap = overlapSeconds == null ? OVERLAP : Duration.ofSeconds(overlapSeconds);
        if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw Pages.parameter("overlap_seconds", "Give 0 to " + LONGEST_OVERLAP.toSeconds() + " seconds.");
        }
        var key = requireWithin(caller, find(caller, id));
        var rotated = keys.rotate(caller.tenantId(), key.id(), overlap, caller.actor())
                .orElseThrow(() -> new ProblemException(
                        409, "api-key-revoked", "This key is revoked. Create another one instead."));
        known.forget();
        return ResponseEntity.ok().header("Cache-Control", "no-store").body(ApiKeyDocument.of(rotated));
    }

    @Operation(operationId = "revokeApiKey", summary = "End a key at once")
    @ApiResponse(responseCode = "204", description = "It opens nothing any more")
    @DeleteMapping("/{id}")
    ResponseEntity<Void> revoke(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        var key = requireWithin(caller, find(caller, id));
        keys.revoke(caller.tenantId(), key.id(), caller.actor());
        known.forget();
        return ResponseEntity.noContent().build();
    }

    private ApiKeyView find(Caller caller, String id) {
        return ExternalId.API_KEY
                .parse(id)
                .flatMap(key -> keys.find(caller.tenantId(), key))
                .orElseThrow(() -> ProblemException.notFound("api-key"));
    }

    /** Else the secret of a mightier key could be had by rotating it. */
    private static ApiKeyView requireWithin(Caller caller, ApiKeyView key) {
        if (!caller.scopes().containsAll(key.scopes())) {
            throw new ProblemException(
                    403, "scope-not-yours", "This key may do more than you may: ask somebody who may do as much.");
        }
        return key;
    }
}
