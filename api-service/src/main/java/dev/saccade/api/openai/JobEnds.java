package dev.saccade.api.openai;

import dev.saccade.api.jobs.JobWaits;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.tenants.Caller;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.async.DeferredResult;

/** Answers when a job has ended, holding no thread meanwhile. */
final class JobEnds {

    private static final Logger LOG = LoggerFactory.getLogger(JobEnds.class);
    private static final Duration RENDERING = Duration.ofSeconds(10);

    private final JobLedger ledger;
    private final JobWaits waits;
    private final Duration longest;

    JobEnds(JobLedger ledger, JobWaits waits, Duration longest) {
        this.ledger = ledger;
        this.waits = waits;
        this.longest = longest;
    }

    /** What {@code answer} makes of the job once it has ended. One that takes too long is cancelled: nobody could ask for it. */
    DeferredResult<ResponseEntity<Object>> of(
            Caller caller, UUID jobId, Function<JobView, ResponseEntity<Object>> answer) {
        var later = new DeferredResult<ResponseEntity<Object>>(
                longest.plus(RENDERING).toMillis());
        waits.ended(jobId, longest).whenComplete((ended, impossible) -> {
            try {
                JobView job = find(caller, jobId);
                if (!job.state().terminal()) {
                    cancel(caller, jobId);
                    throw new ProblemException(
                            504,
                            "answer-timeout",
                            "There was no answer within " + longest.toSeconds()
                                    + " seconds, and the job was cancelled. Stream it, or use /v1/jobs or a batch.");
                }
                later.setResult(answer.apply(job));
            } catch (RuntimeException failure) {
                later.setErrorResult(failure);
            }
        });
        return later;
    }

    private JobView find(Caller caller, UUID jobId) {
        return ledger.find(caller.tenantId(), jobId).orElseThrow(() -> ProblemException.notFound("job"));
    }

    /** For whom nobody waits any more. */
    void cancel(Caller caller, UUID jobId) {
        try {
            ledger.cancel(caller.tenantId(), jobId, caller.actor());
        } catch (RuntimeException failure) {
            LOG.warn("A job whose client has gone could not be cancelled and runs on: {}", failure.toString());
        }
    }
}
