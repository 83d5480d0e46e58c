package dev.saccade.ledger.jobs;

import dev.saccade.ledger.DatabaseClock;
import dev.saccade.ledger.LedgerSettings;
import dev.saccade.ledger.messages.JobHint;
import dev.saccade.ledger.outbox.Outbox;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Decides what becomes of a job whose attempt ended without an outcome: given back, failed for now, or lost. */
final class AttemptSettlement {

    static final JobError START_BY_PASSED = new JobError(
            "start-by-passed", "No worker could begin this job before its start_by: submit it again with a later one.");
    static final JobError FINISH_BY_PASSED = new JobError(
            "finish-by-passed", "The job was not finished by its finish_by: submit it again with a later one.");
    static final JobError WORKER_LOST = new JobError("worker-lost", "The worker that ran this job stopped answering.");

    private static final int MOST_DOUBLINGS = 5;

    private final EntityManager entities;
    private final AttemptRepository attempts;
    private final JobJournal journal;
    private final Outbox outbox;
    private final DatabaseClock clock;
    private final LedgerSettings settings;

    AttemptSettlement(
            EntityManager entities,
            AttemptRepository attempts,
            JobJournal journal,
            Outbox outbox,
            DatabaseClock clock,
            LedgerSettings settings) {
        this.entities = entities;
        this.attempts = attempts;
        this.journal = journal;
        this.outbox = outbox;
        this.clock = clock;
        this.settings = settings;
    }

    /**
     * Settles a RUNNING job.
     *
     * @param job locked and fresh
     * @param error why the attempt ended; null for a drain, which costs the job nothing
     */
    RequeueOutcome settle(JobEntity job, String actor, AttemptOutcome outcome, @Nullable JobError error) {
        var now = clock.now();
        int ended = job.attempt;
        boolean costs = outcome != AttemptOutcome.RELEASED;
        if (costs) {
            job.failedAttempts++;
        }
        var result = decide(job, now, costs ? error : null);
        attempts.end(
                job.tenantId,
                job.id,
                ended,
                outcome.name(),
                error == null ? null : error.code(),
                error == null ? null : error.message());
        journal.moved(job.tenantId, job.id, actor, JobState.RUNNING, job.state, ended, errorOf(job, error));
        return result;
    }

    private RequeueOutcome decide(JobEntity job, Instant now, @Nullable JobError error) {
        if (job.cancelRequested) {
            job.moveTo(JobState.CANCELLED, now, null);
            return RequeueOutcome.CANCELLED;
        }
        if (job.passed(job.finishBy, now)) {
            job.moveTo(JobState.EXPIRED, now, FINISH_BY_PASSED);
            return RequeueOutcome.EXPIRED;
        }
        if (error != null && job.failedAttempts >= job.maxAttempts) {
            job.moveTo(JobState.FAILED, now, exhausted(job, error));
            return RequeueOutcome.EXHAUSTED;
        }
        job.moveTo(JobState.QUEUED, now, null);
        job.attempt++;
        job.hintCount = 0;
        hint(job, now);
        return RequeueOutcome.REQUEUED;
    }

    /** Ends a QUEUED job whose deadline has passed. */
    void expireQueued(JobEntity job) {
        var now = clock.now();
        var error = job.passed(job.finishBy, now) ? FINISH_BY_PASSED : START_BY_PASSED;
        job.moveTo(JobState.EXPIRED, now, error);
        journal.moved(job.tenantId, job.id, JobJournal.LEDGER, JobState.QUEUED, JobState.EXPIRED, job.attempt, error);
    }

    /** Writes a hint for a QUEUED job, and when to write the next, should this one be lost. */
    void hint(JobEntity job, Instant now) {
        job.hintDueAt = now.plus(rehintDelay(job.hintCount));
        job.hintCount++;
        outbox.add(job.tenantId, job.urgency.routingKey(), new JobHint(job.id, job.attempt), job.traceparent);
        entities.flush();
    }

    /** Doubles with every hint: a job in a long queue has its hint there already. */
    private Duration rehintDelay(int hintsBefore) {
        return settings.rehintAfter().multipliedBy(1L << Math.min(hintsBefore, MOST_DOUBLINGS));
    }

    private static @Nullable JobError errorOf(JobEntity job, @Nullable JobError error) {
        return job.errorCode != null && job.errorMessage != null
                ? new JobError(job.errorCode, job.errorMessage)
                : error;
    }

    private static JobError exhausted(JobEntity job, JobError last) {
        return JobErrors.storable(new JobError(
                "attempts-exhausted",
                "The job was given up after " + job.failedAttempts + " attempts. The last error was " + last.code()
                        + ": " + last.message()));
    }
}
