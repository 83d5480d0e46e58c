package dev.saccade.api.batches;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.idempotency.Idempotent;
import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.problems.ProblemTranslator;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.batches.BatchLedger;
import dev.saccade.ledger.batches.BatchState;
import dev.saccade.ledger.batches.BatchView;
import dev.saccade.ledger.tenants.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** Batches of jobs over REST. */
@Tag(name = "Batches", description = "Submit thousands of jobs at once, and download what became of them.")
@RestController
@RequestMapping("/v1/batches")
final class BatchController {

    static final String JSONL = "application/jsonl";
    private static final String NDJSON = "application/x-ndjson";
    private static final int LARGEST_PAGE = 100;
    private static final long ASK_AGAIN_SECONDS = 5;

    private final BatchIntake intake;
    private final BatchLedger ledger;
    private final BatchFiles files;
    private final BatchDialect dialect;

    BatchController(BatchIntake intake, BatchLedger ledger, BatchDialect dialect) {
        this.intake = intake;
        this.ledger = ledger;
        this.dialect = dialect;
        files = new BatchFiles(ledger);
    }

    @Operation(
            operationId = "submitBatch",
            summary = "Submit many jobs",
            description =
                    "One JSON object a line, read while it comes: custom_id and body, which is what POST /v1/jobs takes."
                            + " A line that is wrong goes to the error file and harms no other. Where the request breaks off, the same"
                            + " one with the same Idempotency-Key goes on where it stopped. As application/json: one request for many"
                            + " videos, or, as OpenAI's clients send it, a file that was uploaded before.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(mediaType = JSONL, schema = @Schema(implementation = BatchRequestLine.class)),
                                @Content(mediaType = NDJSON, schema = @Schema(implementation = BatchRequestLine.class)),
                                @Content(
                                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                                        schema = @Schema(oneOf = {BatchTemplate.class, FileBatchRequest.class}))
                            }))
    @ApiResponse(
            responseCode = "202",
            description = "All lines were read, and those that are right are queued",
            content = @Content(schema = @Schema(implementation = BatchDocument.class)))
    @Idempotent
    @PostMapping(
            consumes = {JSONL, NDJSON},
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<BatchDocument> submit(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, HttpServletRequest request)
            throws IOException {
        return submit(caller, request, request.getInputStream());
    }

    @Operation(operationId = "submitBatchOfVideos", summary = "Ask the same about many videos")
    @ApiResponse(
            responseCode = "202",
            description = "The jobs are queued",
            content = @Content(schema = @Schema(implementation = BatchDocument.class)))
    @ApiResponse(
            responseCode = "200",
            description = "The file's lines were read, and those that are right are queued",
            content = @Content(schema = @Schema(implementation = FileBatchDocument.class)))
    @Idempotent
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> submitVideos(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @RequestBody ObjectNode body,
            HttpServletRequest request)
            throws IOException {
        if (dialect.asks(body)) {
            return dialect.submit(caller, body, request);
        }
        try {
            var template = ApiJson.MAPPER.treeToValue(body, BatchTemplate.class);
            return submit(caller, request, template.lines());
        } catch (JacksonException unreadable) {
            throw ProblemTranslator.unreadable(unreadable);
        }
    }

    private ResponseEntity<BatchDocument> submit(Caller caller, HttpServletRequest request, InputStream lines)
            throws IOException {
        var taken = intake.take(caller, Idempotency.key(request), lines);
        var batch = BatchDocument.of(
                ledger.find(caller.tenantId(), taken.batchId()).orElseThrow(() -> ProblemException.notFound("batch")));
        var answer = ResponseEntity.accepted().location(URI.create(batch.links().self()));
        if (taken.repeated()) {
            answer.header(Idempotency.REPLAYED, "true");
        }
        return answer.header(HttpHeaders.RETRY_AFTER, Long.toString(ASK_AGAIN_SECONDS))
                .body(batch);
    }

    @Operation(operationId = "listBatches", summary = "Batches, newest first")
    @ApiResponse(responseCode = "200", description = "A page of batches")
    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    BatchDocument.Page list(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
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
                : known(after)
                        .orElseThrow(() -> parameter("after", "Give after as the next_cursor of the page before."));
        var found = ledger.list(caller.tenantId(), cursor, limit + 1);
        List<Object> page = found.stream().limit(limit).map(this::summary).toList();
        boolean more = found.size() > limit;
        String last = page.isEmpty() ? null : id(found.get(page.size() - 1));
        return new BatchDocument.Page(page, more, more ? last : null, "list", last);
    }

    private Object summary(BatchView batch) {
        return batch.source() == null ? BatchDocument.summary(batch) : dialect.document(batch);
    }

    private static String id(BatchView batch) {
        return ExternalId.BATCH.format(batch.id());
    }

    @Operation(operationId = "getBatch", summary = "A batch's state and counts")
    @ApiResponse(
            responseCode = "200",
            description = "The batch; with Retry-After until it has ended",
            content = @Content(schema = @Schema(oneOf = {BatchDocument.class, FileBatchDocument.class})))
    @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Object> get(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        BatchView batch = find(caller, id);
        var answer = ResponseEntity.ok();
        if (batch.state() != BatchState.ENDED) {
            answer.header(HttpHeaders.RETRY_AFTER, Long.toString(ASK_AGAIN_SECONDS));
        }
        return answer.body(document(id, batch));
    }

    @Operation(
            operationId = "cancelBatch",
            summary = "Cancel what is left of a batch",
            description =
                    "It takes no more lines; waiting jobs are cancelled, and running ones at their next heartbeat.")
    @ApiResponse(
            responseCode = "202",
            description = "The batch is being cancelled",
            content = @Content(schema = @Schema(oneOf = {BatchDocument.class, FileBatchDocument.class})))
    @PostMapping(path = "/{id}/cancel", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Object> cancel(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        BatchView batch = find(caller, id);
        if (!ledger.cancel(caller.tenantId(), batch.id(), caller.actor())) {
            throw new ProblemException(409, "batch-ended", "The batch has ended already. GET its output.");
        }
        return ResponseEntity.accepted()
                .header(HttpHeaders.RETRY_AFTER, Long.toString(ASK_AGAIN_SECONDS))
                .body(document(id, find(caller, id)));
    }

    @Operation(
            operationId = "getBatchOutput",
            summary = "Results of the jobs that succeeded, in the order of their lines",
            description = "Streamed; of a batch that has not ended, what is there by now.")
    @ApiResponse(
            responseCode = "200",
            description = "One job a line",
            content = @Content(mediaType = JSONL, schema = @Schema(implementation = BatchFiles.Output.class)))
    @GetMapping(path = "/{id}/output")
    void output(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            HttpServletResponse response)
            throws IOException {
        BatchView batch = find(caller, id);
        begin(response, id, "output");
        files.output(caller.tenantId(), batch.id(), response.getOutputStream());
    }

    @Operation(
            operationId = "getBatchErrors",
            summary = "Lines that became no job, and jobs that did not succeed, in the order of their lines",
            description = "Streamed; of a batch that has not ended, what is there by now.")
    @ApiResponse(
            responseCode = "200",
            description = "One line or job a line",
            content = @Content(mediaType = JSONL, schema = @Schema(implementation = BatchFiles.Failed.class)))
    @GetMapping(path = "/{id}/errors")
    void errors(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            HttpServletResponse response)
            throws IOException {
        BatchView batch = find(caller, id);
        begin(response, id, "errors");
        files.errors(caller.tenantId(), batch.id(), response.getOutputStream());
    }

    /** The id has been parsed: it holds nothing that a header can't. */
    private static void begin(HttpServletResponse response, String id, String file) {
        response.setContentType(JSONL);
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + id + "-" + file + ".jsonl\"");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private BatchView find(Caller caller, String id) {
        return known(id)
                .flatMap(known -> ledger.find(caller.tenantId(), known))
                .filter(batch ->
                        batch.source() != null || ExternalId.BATCH.parse(id).isPresent())
                .orElseThrow(() -> ProblemException.notFound("batch"));
    }

    private Optional<UUID> known(String id) {
        return ExternalId.BATCH.parse(id).or(() -> dialect.parse(id));
    }

    /** In the language that the id belongs to. */
    private Object document(String id, BatchView batch) {
        return dialect.parse(id).isPresent() ? dialect.document(batch) : BatchDocument.of(batch);
    }

    private static ProblemException parameter(String name, String detail) {
        return new ProblemException(400, "invalid-parameter", detail, List.of(new Violation("?" + name, detail)));
    }
}
