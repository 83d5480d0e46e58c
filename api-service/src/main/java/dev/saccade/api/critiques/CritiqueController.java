package dev.saccade.api.critiques;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.idempotency.Idempotent;
import dev.saccade.api.outbox.OutboxRelay;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.critiques.CritiqueView;
import dev.saccade.ledger.critiques.Critiques;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.videos.MediaUnavailableException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Critiques over REST. */
@Tag(name = "Critiques", description = "Judge clips for anomalies by several samples each, and rank them.")
@RestController
@RequestMapping("/v1/critiques")
final class CritiqueController {

    private final CritiqueIntake intake;
    private final Critiques critiques;
    private final JobLedger jobs;
    private final Idempotency idempotency;
    private final OutboxRelay relay;

    CritiqueController(
            CritiqueIntake intake, Critiques critiques, JobLedger jobs, Idempotency idempotency, OutboxRelay relay) {
        this.intake = intake;
        this.critiques = critiques;
        this.jobs = jobs;
        this.idempotency = idempotency;
        this.relay = relay;
    }

    @Operation(
            operationId = "submitCritique",
            summary = "Have clips judged and ranked",
            description = "One job for each clip, with n verdicts that share the reading of it.")
    @ApiResponse(
            responseCode = "202",
            description = "The jobs are queued",
            content = @Content(schema = @Schema(implementation = CritiqueDocument.class)))
    @Idempotent
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> submit(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @RequestBody CritiqueRequest critique,
            HttpServletRequest request) {
        ResponseEntity<?> answer = idempotency.once(request, caller, () -> {
            var work = intake.accept(caller, critique);
            try {
                var document = document(caller, critiques.submit(caller.tenantId(), caller.actor(), work));
                return ResponseEntity.accepted()
                        .location(URI.create(document.links().self()))
                        .body(document);
            } catch (MediaUnavailableException gone) {
                throw new ProblemException(
                        422, "video-not-ready", "One of the videos is not there any more. Upload it again.");
            }
        });
        relay.wake();
        return answer;
    }

    @Operation(
            operationId = "getCritique",
            summary = "A critique: verdicts, scores and ranks, as far as they are there")
    @ApiResponse(responseCode = "200", description = "The critique")
    @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    CritiqueDocument get(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        return document(caller, find(caller, id));
    }

    @Operation(operationId = "getCritiqueReport", summary = "A critique as a page to read")
    @ApiResponse(
            responseCode = "200",
            description = "The page; it runs no script",
            content = @Content(mediaType = "text/html", schema = @Schema(type = "string")))
    @GetMapping(path = "/{id}/report", produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<byte[]> report(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        String page = CritiqueReport.of(document(caller, find(caller, id)));
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .header("Content-Security-Policy", CritiqueReport.CONTENT_SECURITY_POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Cache-Control", "no-store")
                .body(page.getBytes(StandardCharsets.UTF_8));
    }

    private CritiqueView find(Caller caller, String id) {
        return ExternalId.CRITIQUE
                .parse(id)
                .flatMap(known -> critiques.find(caller.tenantId(), known))
                .orElseThrow(() -> ProblemException.notFound("critique"));
    }

    private CritiqueDocument document(Caller caller, CritiqueView critique) {
        var ids = critique.clips().stream().map(CritiqueView.Clip::jobId).toList();
        Map<UUID, JobView> known = jobs.findAll(caller.tenantId(), ids).stream()
                .collect(Collectors.toMap(JobView::id, Function.identity()));
        return CritiqueDocument.of(critique, known);
    }
}
