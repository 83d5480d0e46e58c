package dev.saccade.api.tenants;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.access.KnownKeys;
import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.idempotency.Idempotent;
import dev.saccade.api.paging.Pages;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.tenants.NameTakenException;
import dev.saccade.ledger.tenants.Role;
import dev.saccade.ledger.tenants.TenantLimits;
import dev.saccade.ledger.tenants.TenantView;
import dev.saccade.ledger.tenants.Tenants;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tenants, for those who run the platform. Nothing here shows a tenant's data. */
@Tag(name = "Tenants", description = "For those who run the platform: create tenants, set limits, give the first key.")
@RestController
@RequestMapping(path = "/v1/tenants", produces = MediaType.APPLICATION_JSON_VALUE)
final class TenantController {

    private final Tenants tenants;
    private final ApiKeys keys;
    private final KnownKeys known;
    private final Idempotency idempotency;

    TenantController(Tenants tenants, ApiKeys keys, KnownKeys known, Idempotency idempotency) {
        this.tenants = tenants;
        this.keys = keys;
        this.known = known;
        this.idempotency = idempotency;
    }

    @Operation(operationId = "createTenant", summary = "Create a tenant")
    @ApiResponse(
            responseCode = "201",
            description = "The tenant, which has no key yet",
            content = @Content(schema = @Schema(implementation = TenantDocument.class)))
    @ApiResponse(responseCode = "409", description = "There is a tenant of this name")
    @Idempotent
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> create(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @RequestBody TenantDocument.New body,
            HttpServletRequest request) {
        return idempotency.once(request, caller, () -> created(caller, body));
    }

    private ResponseEntity<TenantDocument> created(Caller caller, TenantDocument.New body) {
        List<Violation> wrong = new ArrayList<>();
        String name = Names.check(body.name(), wrong);
        TenantLimits limits = body.limits() == null ? TenantLimits.DEFAULT : checked(body.limits(), "/limits", wrong);
        refuse(wrong);
        try {
            var document = TenantDocument.of(tenants.create(name, limits, caller));
            return ResponseEntity.created(URI.create("/v1/tenants/" + document.id()))
                    .body(document);
        } catch (NameTakenException taken) {
            throw new ProblemException(
                    409,
                    "name-taken",
                    "There is a tenant of this name. Choose another name.",
                    List.of(new Violation("/name", "This name is taken.")));
        }
    }

    @Operation(operationId = "listTenants", summary = "Tenants, newest first")
    @ApiResponse(responseCode = "200", description = "A page of tenants")
    @GetMapping
    TenantDocument.Page list(
            @Parameter(description = "next_cursor of the page before") @RequestParam(required = false) @Nullable
                    String after,
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
                    @RequestParam(defaultValue = "20")
                    int limit) {
        Pages.requireLimit(limit);
        var found = tenants.list(Pages.cursor(ExternalId.TENANT, after), limit + 1);
        var page = found.stream().limit(limit).map(TenantDocument::of).toList();
        boolean more = found.size() > limit;
        return new TenantDocument.Page(page, more, more ? page.getLast().id() : null);
    }

    @Operation(operationId = "getTenant", summary = "A tenant with its limits")
    @ApiResponse(responseCode = "200", description = "The tenant")
    @GetMapping("/{id}")
    TenantDocument get(@PathVariable String id) {
        return found(tenants.find(parse(id)));
    }

    @Operation(
            operationId = "limitTenant",
            summary = "Set all limits of a tenant",
            description = "What is left out is without limit afterwards.")
    @ApiResponse(responseCode = "200", description = "The tenant")
    @PutMapping(path = "/{id}/limits", consumes = MediaType.APPLICATION_JSON_VALUE)
    TenantDocument limit(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            @RequestBody TenantDocument.Limits body) {
        List<Violation> wrong = new ArrayList<>();
        TenantLimits limits = checked(body, "", wrong);
        refuse(wrong);
        return found(tenants.limit(parse(id), limits, caller));
    }

    @Operation(
            operationId = "retainTenantData",
            summary = "Set how long a tenant's media is kept",
            description = "Holds for uploads that end from now on: what earlier ones were told stays as it is.")
    @ApiResponse(responseCode = "200", description = "The tenant")
    @PutMapping(path = "/{id}/retention", consumes = MediaType.APPLICATION_JSON_VALUE)
    TenantDocument retain(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            @RequestBody TenantDocument.Retention body) {
        return found(tenants.retain(parse(id), body.checked(), caller));
    }

    @Operation(
            operationId = "suspendTenant",
            summary = "Close a tenant to its keys and tokens",
            description = "Jobs that are queued still run; nothing is deleted.")
    @ApiResponse(responseCode = "200", description = "The tenant")
    @PostMapping("/{id}/suspend")
    TenantDocument suspend(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        UUID tenant = parse(id);
        if (tenant.equals(caller.tenantId())) {
            throw new ProblemException(409, "own-tenant", "You would lock yourself out. Use another platform key.");
        }
        var suspended = found(tenants.suspend(tenant, true, caller));
        known.forget();
        return suspended;
    }

    @Operation(operationId = "resumeTenant", summary = "Open a suspended tenant again")
    @ApiResponse(responseCode = "200", description = "The tenant")
    @PostMapping("/{id}/resume")
    TenantDocument resume(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        return found(tenants.suspend(parse(id), false, caller));
    }

    @Operation(
            operationId = "createTenantApiKey",
            summary = "Create a key for a tenant",
            description = "Its first one, or one more when all are lost. Its secret is in this answer and never again.")
    @ApiResponse(responseCode = "201", description = "The key with its secret")
    @ApiResponse(responseCode = "409", description = "A key in force has this name")
    @PostMapping(path = "/{id}/api-keys", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<ApiKeyDocument> createKey(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            @RequestBody NewApiKey request) {
        var tenant = tenants.find(parse(id)).orElseThrow(() -> ProblemException.notFound("tenant"));
        var checked = request.check(Role.ADMIN.scopes(), Clock.systemUTC().instant());
        return ApiKeyController.created(keys, tenant.id(), checked, "platform:" + caller.actor());
    }

    private static TenantLimits checked(TenantDocument.Limits limits, String pointer, List<Violation> wrong) {
        atLeast(0, limits.queuedJobs(), pointer + "/queued_jobs", wrong);
        atLeast(0, limits.storedBytes(), pointer + "/stored_bytes", wrong);
        atLeast(0, limits.tokensPerDay(), pointer + "/tokens_per_day", wrong);
        atLeast(1, limits.requestsPerMinute(), pointer + "/requests_per_minute", wrong);
        return limits.toLedger();
    }

    private static void atLeast(long least, @Nullable Long given, String pointer, List<Violation> wrong) {
        if (given != null && given < least) {
            wrong.add(new Violation(pointer, "Give " + least + " or more, or leave it out to set no limit."));
        }
    }

    private static void refuse(List<Violation> wrong) {
        if (!wrong.isEmpty()) {
            throw new ProblemException(422, "invalid-tenant", wrong.getFirst().detail(), wrong);
        }
    }

    private static UUID parse(String id) {
        return ExternalId.TENANT.parse(id).orElseThrow(() -> ProblemException.notFound("tenant"));
    }

    private static TenantDocument found(Optional<TenantView> tenant) {
        return tenant.map(TenantDocument::of).orElseThrow(() -> ProblemException.notFound("tenant"));
    }
}
