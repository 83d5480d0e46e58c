package dev.saccade.api.openai;

import dev.saccade.api.batches.BatchDialect;
import dev.saccade.api.batches.BatchIntake;
import dev.saccade.api.batches.FileBatchDocument;
import dev.saccade.api.batches.FileBatchRequest;
import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.jobs.JobSubmission;
import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.problems.ProblemTranslator;
import dev.saccade.ledger.batches.BatchCounts;
import dev.saccade.ledger.batches.BatchLedger;
import dev.saccade.ledger.batches.BatchSource;
import dev.saccade.ledger.batches.BatchState;
import dev.saccade.ledger.batches.BatchView;
import dev.saccade.ledger.files.InputFile;
import dev.saccade.ledger.files.InputFiles;
import dev.saccade.ledger.tenants.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/** Batches of files, as OpenAI's clients ask for them: the same batches, read from a file that was uploaded before. */
final class FileBatches implements BatchDialect {

    static final String CHAT = "/v1/chat/completions";
    static final String RESPONSES = "/v1/responses";

    private static final Set<String> ENDPOINTS = Set.of(CHAT, RESPONSES);
    private static final int MOST_METADATA = 16;
    private static final int LONGEST_METADATA = 512;

    private final InputFiles files;
    private final BatchIntake intake;
    private final BatchLedger ledger;
    private final OpenAiBodies bodies;
    private final OpenAiProperties properties;

    FileBatches(
            InputFiles files,
            BatchIntake intake,
            BatchLedger ledger,
            OpenAiBodies bodies,
            OpenAiProperties properties) {
        this.files = files;
        this.intake = intake;
        this.ledger = ledger;
        this.bodies = bodies;
        this.properties = properties;
    }

    @Override
    public boolean asks(ObjectNode body) {
        return body.has("input_file_id");
    }

    @Override
    public ResponseEntity<Object> submit(Caller caller, ObjectNode body, HttpServletRequest request)
            throws IOException {
        OpenAiShape.apply(request);
        BatchSource source = source(caller, read(body));
        try (InputStream lines = files.content(caller.tenantId(), source.fileId())) {
            var taken = intake.take(
                    caller, Idempotency.key(request), lines, source, line -> job(caller, line, source.endpoint()));
            var answer = ResponseEntity.ok();
            if (taken.repeated()) {
                answer.header(Idempotency.REPLAYED, "true");
            }
            return answer.body(document(ledger.find(caller.tenantId(), taken.batchId())
                    .orElseThrow(() -> ProblemException.notFound("batch"))));
        }
    }

    private static FileBatchRequest read(ObjectNode body) {
        body.remove("output_expires_after"); // outputs go with their jobs
        try {
            return ApiJson.MAPPER.treeToValue(body, FileBatchRequest.class);
        } catch (JacksonException unreadable) {
            throw ProblemTranslator.unreadable(unreadable);
        }
    }

    private BatchSource source(Caller caller, FileBatchRequest asked) {
        String endpoint = Objects.requireNonNullElse(asked.endpoint(), "");
        if (!ENDPOINTS.contains(endpoint)) {
            throw ProblemException.invalid("invalid-field", "/endpoint", "Give " + CHAT + " or " + RESPONSES + ".");
        }
        InputFile file = OpenAiIds.parse(OpenAiIds.FILE, Objects.requireNonNullElse(asked.inputFileId(), ""))
                .flatMap(id -> files.find(caller.tenantId(), id))
                .orElseThrow(() -> ProblemException.invalid(
                        "unknown-file",
                        "/input_file_id",
                        "There is no such file of lines. Upload it with the purpose batch."));
        return new BatchSource(file.id(), endpoint, metadata(asked.metadata()));
    }

    private static @Nullable String metadata(@Nullable Map<String, String> given) {
        if (given == null || given.isEmpty()) {
            return null;
        }
        boolean tooMuch = given.size() > MOST_METADATA
                || given.entrySet().stream()
                        .anyMatch(entry -> entry.getKey().length() > LONGEST_METADATA
                                || entry.getValue().length() > LONGEST_METADATA
                                || (entry.getKey() + entry.getValue()).indexOf('\0') >= 0);
        if (tooMuch) {
            throw ProblemException.invalid(
                    "invalid-field", "/metadata", "Give at most 16 texts of at most 512 characters.");
        }
        return ApiJson.MAPPER.writeValueAsString(given);
    }

    private JobSubmission job(Caller caller, ObjectNode line, String endpoint) {
        if (!line.path("method").asString("POST").equals("POST")
                || !line.path("url").asString("").equals(endpoint)) {
            throw ProblemException.invalid(
                    "invalid-field", "/url", "Give the method POST and the batch's own endpoint, " + endpoint + ".");
        }
        if (!(line.get("body") instanceof ObjectNode body)) {
            throw ProblemException.invalid("invalid-field", "", "Give what " + endpoint + " takes.");
        }
        if (body.path("stream").asBoolean(false)) {
            throw ProblemException.invalid("invalid-field", "/stream", "A batch doesn't stream: leave this out.");
        }
        PartTranslation parts = bodies.partsOfALine(caller);
        ObjectNode submission = endpoint.equals(RESPONSES)
                ? ResponseTranslation.asked(body, parts, properties).submission()
                : ChatTranslation.asked(body, parts, properties).submission();
        submission.put("priority", "batch");
        try {
            return ApiJson.MAPPER.treeToValue(submission, JobSubmission.class);
        } catch (JacksonException unreadable) {
            throw ProblemTranslator.unreadable(unreadable);
        }
    }

    @Override
    public Optional<UUID> parse(String id) {
        return OpenAiIds.parse(OpenAiIds.BATCH, id);
    }

    @Override
    public FileBatchDocument document(BatchView batch) {
        BatchSource source = Objects.requireNonNull(batch.source());
        BatchCounts counts = batch.counts();
        boolean ended = batch.state() == BatchState.ENDED;
        boolean cancelled = ended && counts.cancelled() > 0;
        long failed = batch.rejected() + counts.failed() + counts.expired() + counts.cancelled();
        Long end = batch.endedAt() == null ? null : batch.endedAt().getEpochSecond();
        return new FileBatchDocument(
                OpenAiIds.BATCH + batch.id(),
                "batch",
                source.endpoint(),
                OpenAiIds.FILE + source.fileId(),
                "24h",
                switch (batch.state()) {
                    case VALIDATING -> "validating";
                    case RUNNING -> "in_progress";
                    case CANCELLING -> "cancelling";
                    case ENDED -> cancelled ? "cancelled" : "completed";
                },
                ended && counts.succeeded() > 0 ? OpenAiIds.OUTPUT + batch.id() : null,
                ended && failed > 0 ? OpenAiIds.ERRORS + batch.id() : null,
                batch.createdAt().getEpochSecond(),
                cancelled ? null : end,
                cancelled ? end : null,
                new FileBatchDocument.RequestCounts(batch.accepted() + batch.rejected(), counts.succeeded(), failed),
                source.metadata());
    }
}
