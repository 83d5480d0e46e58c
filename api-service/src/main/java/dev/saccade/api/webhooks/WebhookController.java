package dev.saccade.api.webhooks;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.egress.EgressPolicy;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.webhooks.WebhookView;
import dev.saccade.ledger.webhooks.Webhooks;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
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

/** The tenant's webhooks. */
@Tag(
        name = "Webhooks",
        description = "Be told when jobs and batches end, by messages signed as Standard Webhooks says.")
@RestController
@RequestMapping(path = "/v1/webhooks", produces = MediaType.APPLICATION_JSON_VALUE)
final class WebhookController {

    private static final Duration LONGEST_OVERLAP = Duration.ofDays(30);
    private static final Duration OVERLAP = Duration.ofDays(1);
    private static final int LARGEST_PAGE = 100;

    private final Webhooks webhooks;
    private final SecretBox secrets;
    private final EgressPolicy policy;

    WebhookController(Webhooks webhooks, SecretBox secrets, EgressPolicy policy) {
        this.webhooks = webhooks;
        this.secrets = secrets;
        this.policy = policy;
    }

    @Operation(
            operationId = "createWebhook",
            summary = "Register a receiver",
            description = "Its secret is in this answer and never again.")
    @ApiResponse(responseCode = "201", description = "The webhook with its secret")
    @ApiResponse(responseCode = "409", description = "The tenant has as many as it may")
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<WebhookDocument> create(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @RequestBody NewWebhook request) {
        requireKey();
        UUID id = UuidCreator.getTimeOrderedEpoch();
        byte[] secret = SecretBox.newSecret();
        var registered = webhooks.register(new Webhooks.New(
                        id,
                        caller.tenantId(),
                        caller.actor(),
                        request.checkedUrl(policy),
                        request.checkedDescription(),
                        request.checkedEvents(),
                        request.allJobs(),
                        secrets.seal(id, secret)))
                .orElseThrow(() -> new ProblemException(
                        409,
                        "too-many-webhooks",
                        "Your tenant has " + Webhooks.MOST + " webhooks, and may have no more. Delete one first."));
        var document = WebhookDocument.of(registered, WebhookMessage.text(secret));
        return ResponseEntity.created(URI.create("/v1/webhooks/" + document.id()))
                .header("Cache-Control", "no-store")
                .body(document);
    }

    @Operation(operationId = "listWebhooks", summary = "All webhooks, newest first, without secrets")
    @ApiResponse(responseCode = "200", description = "The webhooks")
    @GetMapping
    WebhookDocument.All list(@Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller) {
        return new WebhookDocument.All(webhooks.list(caller.tenantId()).stream()
                .map(webhook -> WebhookDocument.of(webhook, null))
                .toList());
    }

    @Operation(operationId = "getWebhook", summary = "A webhook, without its secret")
    @ApiResponse(responseCode = "200", description = "The webhook")
    @GetMapping("/{id}")
    WebhookDocument get(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        return WebhookDocument.of(find(caller, id), null);
    }

    @Operation(
            operationId = "rotateWebhookSecret",
            summary = "Give a webhook another secret",
            description = "Messages are signed with both for overlap_seconds, so that the receiver can change over.")
    @ApiResponse(responseCode = "200", description = "The webhook with its new secret")
    @PostMapping("/{id}/rotate")
    ResponseEntity<WebhookDocument> rotate(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            @Parameter(schema = @Schema(type = "integer", minimum = "0", maximum = "2592000", defaultValue = "86400"))
                    @RequestParam(name = "overlap_seconds", required = false)
                    @Nullable
                    Long overlapSeconds) {
        requireKey();
        long overlap = overlapSeconds == null ? OVERLAP.toSeconds() : overlapSeconds;
        if (overlap < 0 || overlap > LONGEST_OVERLAP.toSeconds()) {
            throw parameter("overlap_seconds", "Give 0 to " + LONGEST_OVERLAP.toSeconds() + " seconds.");
        }
        UUID known = find(caller, id).id();
        byte[] secret = SecretBox.newSecret();
        var rotated = webhooks.rotate(
                        caller.tenantId(),
                        known,
                        secrets.seal(known, secret),
                        Duration.ofSeconds(overlap),
                        caller.actor())
                .orElseThrow(() -> ProblemException.notFound("webhook"));
        return ResponseEntity.ok()
                .header("Cache-Control", "no-store")
                .body(WebhookDocument.of(rotated, WebhookMessage.text(secret)));
    }

    @Operation(
            operationId = "enableWebhook",
            summary = "Use a webhook again that was disabled",
            description = "What happened meanwhile is not told of; redeliver what was given up.")
    @ApiResponse(responseCode = "200", description = "The webhook")
    @PostMapping("/{id}/enable")
    WebhookDocument enable(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        return webhooks.enable(caller.tenantId(), find(caller, id).id(), caller.actor())
                .map(webhook -> WebhookDocument.of(webhook, null))
                .orElseThrow(() -> ProblemException.notFound("webhook"));
    }

    @Operation(operationId = "deleteWebhook", summary = "Delete a webhook with its log")
    @ApiResponse(responseCode = "204", description = "It is told nothing any more")
    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        webhooks.delete(caller.tenantId(), find(caller, id).id(), caller.actor());
        return ResponseEntity.noContent().build();
    }

    @Operation(operationId = "listWebhookDeliveries", summary = "What a webhook was told, newest first, try by try")
    @ApiResponse(responseCode = "200", description = "A page of messages")
    @GetMapping("/{id}/deliveries")
    WebhookDocument.Deliveries deliveries(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            @Parameter(description = "next_cursor of the page before") @RequestParam(required = false) @Nullable
                    String after,
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
                    @RequestParam(defaultValue = "20")
                    int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw parameter("limit", "Give limit as a number from 1 to " + LARGEST_PAGE + ".");
        }
        UUID cursor = after == null
                ? null
                : ExternalId.DELIVERY
                        .parse(after)
                        .orElseThrow(() -> parameter("after", "Give after as the next_cursor of the page before."));
        var found = webhooks.deliveries(caller.tenantId(), find(caller, id).id(), cursor, limit + 1);
        var page = found.stream().limit(limit).map(WebhookDocument.Delivery::of).toList();
        boolean more = found.size() > limit;
        return new WebhookDocument.Deliveries(page, more, more ? page.getLast().id() : null);
    }

    @Operation(
            operationId = "redeliverWebhook",
            summary = "Send a message once more",
            description = "Under the same webhook-id, so that a receiver that has it already can tell.")
    @ApiResponse(responseCode = "200", description = "The message")
    @PostMapping("/{id}/deliveries/{delivery}/redeliver")
    WebhookDocument.Delivery redeliver(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            @PathVariable String delivery) {
        UUID webhook = find(caller, id).id();
        return ExternalId.DELIVERY
                .parse(delivery)
                .flatMap(known -> webhooks.redeliver(caller.tenantId(), webhook, known, caller.actor()))
                .map(WebhookDocument.Delivery::of)
                .orElseThrow(() -> ProblemException.notFound("delivery"));
    }

    private WebhookView find(Caller caller, String id) {
        return ExternalId.WEBHOOK
                .parse(id)
                .flatMap(known -> webhooks.find(caller.tenantId(), known))
                .orElseThrow(() -> ProblemException.notFound("webhook"));
    }

    private void requireKey() {
        if (!secrets.hasKey()) {
            throw new ProblemException(
                    501,
                    "webhooks-not-configured",
                    "This server has no key to seal secrets with. Its operator has to set saccade.webhooks.key.");
        }
    }

    private static ProblemException parameter(String name, String detail) {
        return new ProblemException(400, "invalid-parameter", detail, List.of(new Violation("?" + name, detail)));
    }
}
