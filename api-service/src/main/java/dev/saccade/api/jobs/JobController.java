package dev.saccade.api.jobs;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.idempotency.Idempotent;
import dev.saccade.api.outbox.OutboxRelay;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.JobFilter;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.jobs.NewJob;
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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
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

/** Reasoning jobs over REST. */
@Tag(name = "Jobs", description = "Ask the model about uploaded media, follow the job, and read its answer.")
@RestController
@RequestMapping(path = "/v1/jobs", produces = MediaType.APPLICATION_JSON_VALUE)
final class JobController {

    private static final int LARGEST_PAGE = 100;

    private final JobIntake intake;
    private final JobLedger ledger;
    private final QueueWait wait;
    private final OutboxRelay relay;
    private final Idempotency idempotency;

    JobController(JobIntake intake, JobLedger ledger, QueueWait wait, OutboxRelay relay, Idempotency idempotency) {
        this.intake = intake;
        this.ledger = ledger;
        this.wait = wait;
        this.relay = relay;
        this.idempotency = idempotency;
    }

    @Operation(
            operationId = "submitJob",
            summary = "Submit a job",
            description = "The job is stored and queued. Follow Location, not sooner than Retry-After says.")
    @ApiResponse(
            responseCode = "202",
            description = "The job is queued",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    @Idempotent
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> submit(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @RequestBody JobSubmission submission,
            HttpServletRequest request) {
        ResponseEntity<?> answer =
                idempotency.once(request, caller, () -> submitted(intake.accept(caller, submission)));
        relay.wake();
        return answer;
    }

    private ResponseEntity<JobDocument> submitted(NewJob job) {
        JobView submitted;
        try {
            submitted = ledger.submit(job);
        } catch (MediaUnavailableException gone) {
            throw ProblemException.invalid(
                    "video-not-ready", "/video", "The video was removed meanwhile. Upload it again.");
        }
        JobDocument document = JobDocument.of(submitted);
        return ResponseEntity.accepted()
                .location(URI.create(document.links().self()))
                .header(HttpHeaders.RETRY_AFTER, Long.toString(wait.seconds(submitted)))
                .body(document);
    }

    @Operation(operationId = "getJob", summary = "A job's state, progress and result")
    @ApiResponse(responseCode = "200", description = "The job; with Retry-After while it is unfinished")
    @GetMapping("/{id}")
    ResponseEntity<JobDocument> get(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        return answer(HttpStatus.OK, find(caller, parse(id)));
    }

    @Operation(operationId = "listJobs", summary = "Jobs, newest first, without request and result")
    @ApiResponse(responseCode = "200", description = "A page of jobs")
    @GetMapping
    JobPage list(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @Parameter(
                            description = "Only jobs in this state",
                            schema = @Schema(implementation = JobDocument.State.class))
                    @RequestParam(required = false)
                    @Nullable
                    String state,
            @Parameter(description = "next_cursor of the page before") @RequestParam(required = false) @Nullable
                    String after,
            @Parameter(
                            description = "Most jobs in the page",
                            schema = @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
                    @RequestParam(defaultValue = "20")
                    int limit) {
        if (limit < 1 || limit > LARGEST_PAGE) {
            throw parameter("limit", "Give limit as a number from 1 to " + LARGEST_PAGE + ".");
        }
        List<JobView> found = ledger.list(caller.tenantId(), filter(state), cursor(after), limit + 1);
        List<JobDocument> page =
                found.stream().limit(limit).map(JobDocument::summary).toList();
        boolean hasMore = found.size() > limit;
        return new JobPage(page, hasMore, hasMore ? page.getLast().id() : null);
    }

    @Operation(
            operationId = "cancelJob",
            summary = "Cancel a job",
            description = "A waiting job is cancelled at once; a running one at its worker's next heartbeat.")
    @ApiResponse(responseCode = "200", description = "The job is cancelled")
    @ApiResponse(responseCode = "202", description = "The job's worker will stop it")
    @PostMapping("/{id}/cancel")
    ResponseEntity<JobDocument> cancel(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        UUID jobId = parse(id);
        return switch (ledger.cancel(caller.tenantId(), jobId, caller.actor())) {
            case CANCELLED -> answer(HttpStatus.OK, find(caller, jobId));
            case CANCEL_REQUESTED -> answer(HttpStatus.ACCEPTED, find(caller, jobId));
            case ALREADY_FINISHED -> finished(find(caller, jobId));
            case NOT_FOUND -> throw ProblemException.notFound("job");
        };
    }

    private ResponseEntity<JobDocument> finished(JobView job) {
        if (job.state() == JobState.CANCELLED) {
            return answer(HttpStatus.OK, job);
        }
        throw new ProblemException(
                409,
                "job-finished",
                "The job is finished already (" + job.state().name().toLowerCase(Locale.ROOT) + "). GET its result.");
    }

    private ResponseEntity<JobDocument> answer(HttpStatus status, JobView job) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status);
        if (!job.state().terminal()) {
            answer.header(HttpHeaders.RETRY_AFTER, Long.toString(wait.seconds(job)));
        }
        return answer.body(JobDocument.of(job));
    }

    private JobView find(Caller caller, UUID id) {
        return ledger.find(caller.tenantId(), id).orElseThrow(() -> ProblemException.notFound("job"));
    }

    private static UUID parse(String id) {
        return ExternalId.JOB.parse(id).orElseThrow(() -> ProblemException.notFound("job"));
    }

    private static JobFilter filter(@Nullable String state) {
        if (state == null) {
            return JobFilter.ALL;
        }
        for (JobState known : JobState.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(state)) {
                return new JobFilter(known);
            }
        }
        String known = Arrays.stream(JobState.values())
                .map(name -> name.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        throw parameter("state", "Give state as one of " + known + ".");
    }

    private static @Nullable UUID cursor(@Nullable String after) {
        return after == null
                ? null
                : ExternalId.JOB
                        .parse(after)
                        .orElseThrow(() -> parameter("after", "Give after as the next_cursor of the page before."));
    }

    private static ProblemException parameter(String name, String detail) {
        return new ProblemException(400, "invalid-parameter", detail, List.of(new Violation("?" + name, detail)));
    }
}
