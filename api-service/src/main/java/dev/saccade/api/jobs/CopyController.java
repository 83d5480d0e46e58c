package dev.saccade.api.jobs;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.idempotency.Idempotent;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.jobs.JobOrigin;
import dev.saccade.ledger.jobs.JobRequest;
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
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/** New jobs from old ones. A finished job never changes, so each of these is a job of its own, which names its origin. */
@Tag(name = "Jobs")
@RestController
@RequestMapping(path = "/v1/jobs/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
final class CopyController {

    private final JobAnswers answers;
    private final JobIntake intake;
    private final JobClones clones;

    CopyController(JobAnswers answers, JobIntake intake, JobClones clones) {
        this.answers = answers;
        this.intake = intake;
        this.clones = clones;
    }

    @Operation(
            operationId = "retryJob",
            summary = "Try a job again",
            description =
                    "A new job with the same request, for one that failed, expired or was cancelled. Deadlines are"
                            + " not taken over.")
    @ApiResponse(
            responseCode = "202",
            description = "The new job is queued",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    @Idempotent
    @PostMapping("/retry")
    Object retry(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            HttpServletRequest request) {
        return answers.submit(request, caller, () -> {
            JobView job = answers.find(caller, id);
            return switch (job.state()) {
                case FAILED, EXPIRED, CANCELLED ->
                    again(caller, job, job.request().withOrigin(JobOrigin.retry(job.id())));
                case QUEUED, RUNNING, SUCCEEDED ->
                    throw new ProblemException(
                            409,
                            "job-not-retryable",
                            "Only a job that failed, expired or was cancelled can be retried; this one is "
                                    + job.state().name().toLowerCase(Locale.ROOT) + ". Clone it instead.");
            };
        });
    }

    @Operation(
            operationId = "rerunJob",
            summary = "Have an answer written again",
            description =
                    "A new job with the seed and all parameters that were in force, which gives the same text on the"
                            + " same model and engine. Where a worker has another, the result's warnings say so.")
    @ApiResponse(
            responseCode = "202",
            description = "The new job is queued",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    @Idempotent
    @PostMapping("/rerun")
    Object rerun(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            HttpServletRequest request) {
        return answers.submit(request, caller, () -> {
            JobView job = answers.find(caller, id);
            if (job.result() == null) {
                throw new ProblemException(
                        409,
                        "job-has-no-result",
                        "Only a job that succeeded can be run again. Retry or clone it instead.");
            }
            return again(
                    caller,
                    job,
                    job.request()
                            .withSampling(job.result().sampling())
                            .withOrigin(JobOrigin.rerun(job.id(), job.result())));
        });
    }

    @Operation(
            operationId = "cloneJob",
            summary = "Submit a job again with changes",
            description =
                    "The body has what is to be different, with the fields of a submission, or nothing. sampling and"
                            + " vision are merged field by field, null takes one out; question and video replace those of the last"
                            + " turn; everything else is replaced as a whole. Deadlines are not taken over.")
    @ApiResponse(
            responseCode = "202",
            description = "The new job is queued",
            content = @Content(schema = @Schema(implementation = JobDocument.class)))
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            content = @Content(schema = @Schema(implementation = JobSubmission.class)))
    @Idempotent
    @PostMapping("/clone")
    Object copy(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable ObjectNode changes,
            HttpServletRequest request) {
        return answers.submit(request, caller, () -> {
            JobView job = answers.find(caller, id);
            NewJob changed = intake.accept(caller, clones.submission(job, changes));
            return changed.withRequest(changed.request().withOrigin(JobOrigin.copy(job.id())));
        });
    }

    private static NewJob again(Caller caller, JobView job, JobRequest request) {
        return new NewJob(caller.tenantId(), caller.actor(), job.urgency(), request, null, null, job.tags());
    }
}
