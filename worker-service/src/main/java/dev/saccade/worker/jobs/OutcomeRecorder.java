package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.Lease;
import java.util.Locale;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Writes an attempt's outcome. While the database is away it tries again for as long as the job can still be this
 * worker's; after that the sweeper has given it to another.
 */
final class OutcomeRecorder {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeRecorder.class);

    private final JobLedger ledger;

    OutcomeRecorder(JobLedger ledger) {
        this.ledger = ledger;
    }

    /** A word for the log: what the ledger made of it. */
    String record(RunningJob job, Outcome outcome) throws InterruptedException {
        var lease = job.lease();
        return switch (outcome) {
            case Outcome.Succeeded(var result) -> fenced(job, "succeeded", () -> ledger.succeed(lease, result));
            case Outcome.Failed(var error) ->
                fenced(job, "failed with " + error.code(), () -> ledger.fail(lease, error));
            case Outcome.Retry(var error) ->
                written(job, () -> error.code() + ", " + word(ledger.requeue(lease, error)));
            case Outcome.Outage(var error) ->
                written(job, () -> error.code() + ", given back, " + word(ledger.release(lease, error)));
            case Outcome.Halted(var reason) -> halted(job, lease, reason);
        };
    }

    private String halted(RunningJob job, Lease lease, Halt reason) throws InterruptedException {
        return switch (reason) {
            case CANCEL_REQUESTED -> fenced(job, "cancelled", () -> ledger.cancelled(lease));
            case FINISH_BY_PASSED -> fenced(job, "expired", () -> ledger.expired(lease));
            case DRAIN -> written(job, () -> "given back, " + word(ledger.release(lease)));
            case LEASE_LOST -> "given up: the lease was lost";
        };
    }

    private String fenced(RunningJob job, String done, Supplier<Boolean> write) throws InterruptedException {
        return written(job, () -> write.get() ? done : "discarded: another owns the job");
    }

    private String written(RunningJob job, Supplier<String> write) throws InterruptedException {
        try {
            return persistently(job, write);
        } catch (DataIntegrityViolationException e) {
            // what the database refuses once it refuses always: the job must not go round
            LOG.error("The outcome of job {} can't be stored", job.lease().jobId(), e);
            var error = new JobError("result-not-storable", "The answer could not be stored; ask in another way.");
            return persistently(job, () -> "failed with " + error.code() + ": " + ledger.fail(job.lease(), error));
        }
    }

    private String persistently(RunningJob job, Supplier<String> write) throws InterruptedException {
        var backoff = new Backoff();
        while (true) {
            try {
                return write.get();
            } catch (DataIntegrityViolationException e) {
                throw e;
            } catch (RuntimeException e) {
                if (job.clock().isHopeless()) {
                    LOG.error(
                            "The outcome of job {} was lost with the database",
                            job.lease().jobId(),
                            e);
                    return "given up: the database did not come back in time";
                }
                LOG.warn(
                        "The outcome of job {} could not be written yet: {}",
                        job.lease().jobId(),
                        e.toString());
                Thread.sleep(backoff.next());
            }
        }
    }

    private static String word(Enum<?> outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
