package dev.saccade.api.events;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.tenants.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Jobs' events as server-sent events. */
@Tag(name = "Jobs")
@RestController
final class EventsController {

    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final JobLedger ledger;
    private final EventStreams streams;

    EventsController(JobLedger ledger, EventStreams streams) {
        this.ledger = ledger;
        this.streams = streams;
    }

    @Operation(
            operationId = "streamJobEvents",
            summary = "A job's events as they happen",
            description =
                    "Server-sent events: state, progress, text and, at the end, result, which is the whole job. After a"
                            + " broken connection send the last id that came: what was missed comes first.")
    @ApiResponse(
            responseCode = "200",
            description = "The stream; it ends with the result",
            content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(type = "string")))
    @ApiResponse(responseCode = "204", description = "Everything was seen before: don't reconnect", content = @Content)
    @GetMapping(path = "/v1/jobs/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void events(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            @Parameter(description = "The id of the last event that was seen")
                    @RequestHeader(name = LAST_EVENT_ID, required = false)
                    @Nullable
                    String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response) {
        var jobId = ExternalId.JOB.parse(id).orElseThrow(() -> ProblemException.notFound("job"));
        var job = ledger.find(caller.tenantId(), jobId).orElseThrow(() -> ProblemException.notFound("job"));
        var position = position(lastEventId);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (position.end() && job.state().terminal()) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        if (request.getMethod().equals("HEAD")) {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            return;
        }
        streams.open(
                caller, jobId, position, new JobEventFormat(), gone -> EventStreams.answer(request, response, gone));
    }

    private static StreamPosition position(@Nullable String lastEventId) {
        if (lastEventId == null || lastEventId.isEmpty()) {
            return StreamPosition.START;
        }
        return StreamPosition.parse(lastEventId).orElseThrow(() -> {
            String detail = "Send in " + LAST_EVENT_ID + " an id of this stream as it came, or leave it out.";
            return new ProblemException(
                    400, "invalid-parameter", detail, List.of(new Violation("header " + LAST_EVENT_ID, detail)));
        });
    }
}
