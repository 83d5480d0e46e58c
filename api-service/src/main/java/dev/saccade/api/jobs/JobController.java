package dev.saccade.api.jobs;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.idempotency.Idempotent;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.JobFilter;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.jobs.SearchTooBroadException;
import dev.saccade.ledger.tenants.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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

    private static final String PREFER = "wait=n: answer when the job has ended, or after n seconds, 60 at most";
    private static final int LARGEST_PAGE = 100;
    private static final int CANCELLED_AT_ONCE = 500;

    private final JobIntake intake;
    private final JobLedger ledger;
    private final JobAnswers answers;

    JobController(JobIntake intake, JobLedger ledger, JobAnswers answers) {
        this.intake = intake;
        this.ledger = ledger;
        this.answers = answers;
    }

    @Operation(
            operationId = "submitJob",
            summary = "Submit a job",
            description = "The job is stored and queued. Follow Location, not sooner than Retry-After says.")
    @ApiResponse(
            responseCode = "202",
            description = "The job is queued",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    @ApiResponse(
            responseCode = "200",
            description = "The job ended within the time of Prefer",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    @Parameter(
            in = ParameterIn.HEADER,
            name = Preference.HEADER,
            description = PREFER,
            schema = @Schema(type = "string"))
    @Idempotent
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Object submit(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @RequestBody JobSubmission submission,
            HttpServletRequest request) {
        return answers.submit(request, caller, () -> intake.accept(caller, submission));
    }

    @Operation(
            operationId = "getJob",
            summary = "A job's state, progress and result",
            description = "Has an ETag: with If-None-Match the answer is 304 as long as nothing has changed.")
    @ApiResponse(
            responseCode = "200",
            description = "The job; with Retry-After while it is unfinished",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    @ApiResponse(responseCode = "304", description = "Nothing has changed", content = @Content)
    @Parameter(
            in = ParameterIn.HEADER,
            name = Preference.HEADER,
            description = PREFER,
            schema = @Schema(type = "string"))
    @GetMapping("/{id}")
    Object get(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            HttpServletRequest request) {
        return answers.get(request, caller, id);
    }

    @Operation(operationId = "listJobs", summary = "Jobs, newest first, without request and result")
    @ApiResponse(responseCode = "200", description = "A page of jobs")
    @GetMapping
    JobPage list(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @Parameter(
                            description = "Only jobs in one of these states",
                            array = @ArraySchema(schema = @Schema(implementation = JobDocument.State.class)))
                    @RequestParam(required = false)
                    @Nullable
                    List<String> state,
            @Parameter(description = "Submitted at this time or later") @RequestParam(required = false) @Nullable
                    Instant from,
            @Parameter(description = "Submitted before this time") @RequestParam(required = false) @Nullable
                    Instant until,
            @Parameter(description = "Has this tag") @RequestParam(required = false) @Nullable String tag,
            @Parameter(description = "Asks about this video or image") @RequestParam(required = false) @Nullable
                    String video,
            @Parameter(description = "Words of the question: \"a phrase\", or, -without")
                    @RequestParam(required = false)
                    @Nullable
                    String prompt,
            @Parameter(description = "Words of the answer") @RequestParam(required = false) @Nullable String answer,
            @Parameter(description = "Words of the question or the answer") @RequestParam(required = false) @Nullable
                    String q,
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
        JobFilter filter = new JobSelection(states(state), from, until, tag, video, prompt, answer, q).toFilter("?");
        List<JobView> found = searched(() -> ledger.list(caller.tenantId(), filter, cursor(after), limit + 1));
        List<JobDocument> page =
                found.stream().limit(limit).map(JobDocument::summary).toList();
        boolean hasMore = found.size() > limit;
        return new JobPage(page, hasMore, hasMore ? page.getLast().id() : null);
    }

    @Operation(
            operationId = "cancelJob",
            summary = "Cancel a job",
            description = "A waiting job is cancelled at once; a running one at its worker's next heartbeat.")
    @ApiResponse(
            responseCode = "200",
            description = "The job is cancelled",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    @ApiResponse(
            responseCode = "202",
            description = "The job's worker will stop it",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    @PostMapping("/{id}/cancel")
    ResponseEntity<byte[]> cancel(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        JobView job = answers.find(caller, id);
        return switch (ledger.cancel(caller.tenantId(), job.id(), caller.actor())) {
            case CANCELLED -> answers.of(HttpStatus.OK, answers.find(caller, id));
            case CANCEL_REQUESTED -> answers.of(HttpStatus.ACCEPTED, answers.find(caller, id));
            case ALREADY_FINISHED -> finished(answers.find(caller, id));
            case NOT_FOUND -> throw ProblemException.notFound("job");
        };
    }

    @Operation(
            operationId = "cancelJobs",
            summary = "Cancel many jobs",
            description =
                    "Cancels waiting and running jobs that meet every condition, up to 500 at a time, newest first."
                            + " At least one condition is needed.")
    @ApiResponse(responseCode = "200", description = "How many")
    @PostMapping(path = "/cancel", consumes = MediaType.APPLICATION_JSON_VALUE)
    BulkCancel cancelMany(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @RequestBody JobSelection selection) {
        if (selection.isEmpty()) {
            throw ProblemException.invalid(
                    "selection-empty",
                    "",
                    "Give at least one condition, such as a tag or state, so that not all jobs go.");
        }
        JobFilter filter = selection.toFilter("/");
        List<UUID> found = searched(() -> ledger.cancellable(caller.tenantId(), filter, CANCELLED_AT_ONCE));
        var counts = ledger.cancelAll(caller.tenantId(), found, caller.actor());
        return new BulkCancel(counts.cancelled(), counts.requested(), found.size() == CANCELLED_AT_ONCE);
    }

    private ResponseEntity<byte[]> finished(JobView job) {
        if (job.state() == JobState.CANCELLED) {
            return answers.of(HttpStatus.OK, job);
        }
        throw new ProblemException(
                409,
                "job-finished",
                "The job is finished already (" + job.state().name().toLowerCase(Locale.ROOT) + "). GET its result.");
    }

    private static <T> T searched(Supplier<T> search) {
        try {
            return search.get();
        } catch (SearchTooBroadException broad) {
            throw new ProblemException(
                    422, "search-too-broad", "The search took too long. Narrow it by time, state, tag or rarer words.");
        }
    }

    private static @Nullable List<JobDocument.@Nullable State> states(@Nullable List<String> given) {
        if (given == null) {
            return null;
        }
        List<JobDocument.@Nullable State> states = new ArrayList<>();
        for (String name : given) {
            states.add(Arrays.stream(JobDocument.State.values())
                    .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElseThrow(JobController::unknownState));
        }
        return states;
    }

    private static ProblemException unknownState() {
        String known = Arrays.stream(JobDocument.State.values())
                .map(name -> name.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        return parameter("state", "Give state as one of " + known + ".");
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
