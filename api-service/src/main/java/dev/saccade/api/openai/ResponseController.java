package dev.saccade.api.openai;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.events.EventStreams;
import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.idempotency.Idempotent;
import dev.saccade.api.jobs.JobAnswers;
import dev.saccade.api.jobs.JobIntake;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.jobs.JobLedger;
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
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Responses: each is a job, waited for, or, in the background, asked for until it has ended. */
@Tag(name = "OpenAI")
@RestController
@RequestMapping(path = "/v1/responses", produces = MediaType.APPLICATION_JSON_VALUE)
final class ResponseController {

    private final OpenAiBodies bodies;
    private final OpenAiProperties properties;
    private final JobIntake intake;
    private final JobAnswers answers;
    private final JobEnds ends;
    private final EventStreams streams;
    private final JobLedger ledger;

    ResponseController(
            OpenAiBodies bodies,
            OpenAiProperties properties,
            JobIntake intake,
            JobAnswers answers,
            JobEnds ends,
            EventStreams streams,
            JobLedger ledger) {
        this.bodies = bodies;
        this.properties = properties;
        this.intake = intake;
        this.answers = answers;
        this.ends = ends;
        this.streams = streams;
        this.ledger = ledger;
    }

    @Operation(
            operationId = "createResponse",
            summary = "Ask, and wait for the answer or come back for it",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = @Content(schema = @Schema(implementation = ResponseRequest.class))))
    @ApiResponse(
            responseCode = "200",
            description = "The response; in the background it is queued. With stream: true server-sent events",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = ResponseDocument.class)),
                @Content(
                        mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                        schema = @Schema(implementation = ResponseEvent.class))
            })
    @ApiResponse(responseCode = "404", description = "There is no such model; GET /v1/models lists them")
    @ApiResponse(responseCode = "500", description = "The job failed for a reason that is not the request's")
    @ApiResponse(responseCode = "504", description = "There was no answer in time, and the job was cancelled")
    @Idempotent
    @PostMapping(
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
    @Nullable
    Object create(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            HttpServletRequest request,
            HttpServletResponse response) {
        record Checked(ResponseTranslation.Asked asked, NewJob job) {}
        Checked checked = bodies.read(caller, request, (body, parts) -> {
            var asked = ResponseTranslation.asked(body, parts, properties);
            return new Checked(asked, intake.accept(caller, asked.submission().toString()));
        });
        UUID job = answers.submitted(request, caller, checked::job);
        String model = checked.asked().model();
        boolean background = checked.asked().background();
        if (checked.asked().stream()) {
            var format = new ResponseStream(job, ResponseDocument.of(find(caller, job), model));
            boolean comesBack = background || Idempotency.key(request) != null;
            streams.stream(caller, job, format, request, response, () -> {
                if (!format.ended() && !comesBack) {
                    ends.cancel(caller, job);
                }
            });
            return null;
        }
        if (background) {
            return ResponseDocument.of(find(caller, job), model);
        }
        return ends.of(caller, job, ended -> answer(ended, model));
    }

    private static ResponseEntity<Object> answer(JobView job, String model) {
        if (job.result() == null) {
            throw JobFailures.problem(job);
        }
        return ResponseEntity.ok(ResponseDocument.of(job, model));
    }

    @Operation(operationId = "getResponse", summary = "A response's state and output")
    @ApiResponse(responseCode = "200", description = "As it stands now")
    @GetMapping("/{id}")
    ResponseDocument get(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        return ResponseDocument.of(find(caller, id), properties.model());
    }

    @Operation(
            operationId = "cancelResponse",
            summary = "Cancel a response",
            description =
                    "One that waits is cancelled at once, one that is being written soon; one that has ended stays as it is.")
    @ApiResponse(responseCode = "200", description = "As it stands now")
    @PostMapping("/{id}/cancel")
    ResponseDocument cancel(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        ledger.cancel(caller.tenantId(), find(caller, id).id(), caller.actor());
        return get(caller, id);
    }

    private JobView find(Caller caller, String id) {
        return find(
                caller,
                OpenAiIds.parse(OpenAiIds.RESPONSE, id).orElseThrow(() -> ProblemException.notFound("response")));
    }

    private JobView find(Caller caller, UUID id) {
        return ledger.find(caller.tenantId(), id).orElseThrow(() -> ProblemException.notFound("response"));
    }
}
