package dev.saccade.api.openai;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.events.EventStreams;
import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.idempotency.Idempotent;
import dev.saccade.api.jobs.JobAnswers;
import dev.saccade.api.jobs.JobIntake;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.jobs.NewJob;
import dev.saccade.ledger.tenants.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;

/** Chat completions: each is a job, for whose end, or whose text, the client waits. */
@Tag(name = "OpenAI", description = "OpenAI's addresses, for its clients. Errors have OpenAI's shape here.")
@RestController
final class ChatController {

    /** OpenAI's clients show it as the request's id. */
    private static final String REQUEST_ID = "X-Request-Id";

    private final OpenAiBodies bodies;
    private final OpenAiProperties properties;
    private final JobIntake intake;
    private final JobAnswers answers;
    private final JobEnds ends;
    private final EventStreams streams;

    ChatController(
            OpenAiBodies bodies,
            OpenAiProperties properties,
            JobIntake intake,
            JobAnswers answers,
            JobEnds ends,
            EventStreams streams) {
        this.bodies = bodies;
        this.properties = properties;
        this.intake = intake;
        this.answers = answers;
        this.ends = ends;
        this.streams = streams;
    }

    @Operation(
            operationId = "createChatCompletion",
            summary = "Ask, and wait for the answer",
            description =
                    "As OpenAI's clients send it, with vLLM's additions. The request is a job like any other; its id is"
                            + " the answer's, behind chatcmpl-.",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = @Content(schema = @Schema(implementation = ChatCompletionRequest.class))))
    @ApiResponse(
            responseCode = "200",
            description = "The answer; with stream: true server-sent events, each a chunk, the last one [DONE]",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = ChatCompletion.class)),
                @Content(
                        mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                        schema = @Schema(implementation = ChatChunk.class))
            })
    @ApiResponse(responseCode = "404", description = "There is no such model; GET /v1/models lists them")
    @ApiResponse(responseCode = "500", description = "The job failed for a reason that is not the request's")
    @ApiResponse(responseCode = "504", description = "There was no answer in time, and the job was cancelled")
    @Idempotent
    @PostMapping(path = "/v1/chat/completions", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Nullable
    Object create(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            HttpServletRequest request,
            HttpServletResponse response) {
        record Checked(ChatTranslation.Asked asked, NewJob job) {}
        Checked checked = bodies.read(caller, request, (body, parts) -> {
            var asked = ChatTranslation.asked(body, parts, properties);
            return new Checked(asked, intake.accept(caller, asked.submission().toString()));
        });
        ChatTranslation.Asked asked = checked.asked();
        UUID job = answers.submitted(request, caller, checked::job);
        response.setHeader(REQUEST_ID, ExternalId.JOB.format(job));
        if (!asked.stream()) {
            return ends.of(caller, job, ended -> completion(ended, asked.model()));
        }
        var format = new ChatStream(job, asked.model(), asked.usage(), asked.answers());
        boolean comesBack = Idempotency.key(request) != null;
        streams.stream(caller, job, format, request, response, () -> {
            if (!format.ended() && !comesBack) {
                ends.cancel(caller, job);
            }
        });
        return null;
    }

    private static ResponseEntity<Object> completion(JobView job, String model) {
        JobOutcome outcome = job.result();
        if (outcome == null) {
            throw JobFailures.problem(job);
        }
        return ResponseEntity.ok()
                .header(REQUEST_ID, ExternalId.JOB.format(job.id()))
                .body(ChatCompletion.of(job, outcome, model));
    }
}
