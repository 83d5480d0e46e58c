package dev.saccade.api.prompts;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.idempotency.Idempotent;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.prompts.TenantPrompts;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.runtime.prompts.Prompt;
import dev.saccade.runtime.prompts.PromptCatalogue;
import dev.saccade.runtime.prompts.PromptDocument;
import dev.saccade.runtime.prompts.PromptException;
import dev.saccade.runtime.prompts.PromptReader;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
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

/** Prompts by name. */
@Tag(
        name = "Prompts",
        description = "Prompts with arguments, defaults and a parser, to name in a job: the catalogue's and your own.")
@RestController
@RequestMapping(path = "/v1/prompts", produces = MediaType.APPLICATION_JSON_VALUE)
final class PromptController {

    private final PromptLookup lookup;
    private final TenantPrompts prompts;
    private final Idempotency idempotency;

    PromptController(PromptLookup lookup, TenantPrompts prompts, Idempotency idempotency) {
        this.lookup = lookup;
        this.prompts = prompts;
        this.idempotency = idempotency;
    }

    @Operation(operationId = "listPrompts", summary = "All prompts, each in its newest version")
    @ApiResponse(responseCode = "200", description = "The prompts, by name")
    @GetMapping
    PromptView.All list(@Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller) {
        List<PromptLookup.Found> all = lookup.all(caller.tenantId());
        return new PromptView.All(all.stream()
                .map(found -> PromptView.of(found, all))
                .filter(view -> view.version() == view.versions().getLast())
                .toList());
    }

    @Operation(operationId = "getPrompt", summary = "A prompt, in its newest version or another")
    @ApiResponse(responseCode = "200", description = "The prompt")
    @ApiResponse(responseCode = "404", description = "There is no such prompt, or no such version")
    @GetMapping("/{name}")
    PromptView get(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String name,
            @Parameter(description = "The newest where it is left out") @RequestParam(required = false) @Nullable
                    Integer version) {
        PromptLookup.Found found = lookup.find(caller.tenantId(), name, version).orElseThrow(() -> unknown());
        return PromptView.of(found, lookup.all(caller.tenantId()));
    }

    @Operation(
            operationId = "definePrompt",
            summary = "Define a prompt, or another version of one",
            description = "The version is the next of its name. A version never changes.")
    @ApiResponse(
            responseCode = "201",
            description = "The prompt",
            content = @Content(schema = @Schema(implementation = PromptView.class)))
    @ApiResponse(responseCode = "409", description = "The catalogue has this name, or the tenant has too many prompts")
    @Idempotent
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> define(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @RequestBody PromptDocument document,
            HttpServletRequest request) {
        Prompt prompt = checked(document);
        if (PromptCatalogue.find(prompt.name()).isPresent()) {
            throw new ProblemException(
                    409, "prompt-name-taken", "The catalogue has a prompt of this name. Choose another.");
        }
        return idempotency.once(request, caller, () -> created(caller, prompt));
    }

    private ResponseEntity<PromptView> created(Caller caller, Prompt prompt) {
        var stored = prompts.add(
                        caller.tenantId(),
                        caller.actor(),
                        prompt.name(),
                        version -> PromptReader.write(prompt.withVersion(version)))
                .orElseThrow(() -> new ProblemException(
                        409,
                        "too-many-prompts",
                        "Your tenant has " + TenantPrompts.MOST + " prompts, and may have no more. Delete one first."));
        var found = new PromptLookup.Found(PromptReader.read(stored.definition()), true);
        return ResponseEntity.created(URI.create("/v1/prompts/" + stored.name()))
                .body(PromptView.of(found, lookup.all(caller.tenantId())));
    }

    @Operation(
            operationId = "deletePrompt",
            summary = "Delete a prompt of yours, or one version of it",
            description = "Jobs that named it keep what they were asked.")
    @ApiResponse(responseCode = "204", description = "It is deleted")
    @ApiResponse(responseCode = "404", description = "Your tenant has no such prompt, or no such version")
    @DeleteMapping("/{name}")
    ResponseEntity<Void> delete(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String name,
            @Parameter(description = "All of them where it is left out") @RequestParam(required = false) @Nullable
                    Integer version) {
        if (!PromptReader.isName(name) || !prompts.delete(caller.tenantId(), caller.actor(), name, version)) {
            throw unknown();
        }
        return ResponseEntity.noContent().build();
    }

    private static Prompt checked(PromptDocument document) {
        try {
            return PromptReader.read(document);
        } catch (PromptException wrong) {
            List<Violation> violations = wrong.problems().stream()
                    .map(problem -> new Violation(problem.pointer(), problem.detail()))
                    .toList();
            throw new ProblemException(
                    422,
                    violations.size() == 1 ? wrong.problems().getFirst().code() : "invalid-prompt",
                    violations.getFirst().detail(),
                    violations);
        }
    }

    private static ProblemException unknown() {
        return new ProblemException(
                404, "prompt-not-found", "There is no such prompt or version. GET /v1/prompts lists them.");
    }
}
