package dev.saccade.ledger.jobs;

import dev.saccade.ledger.jobs.LeaseStatements.Claim;
import dev.saccade.ledger.jobs.LeaseStatements.Claimed;
import dev.saccade.ledger.jobs.LeaseStatements.Success;
import dev.saccade.ledger.json.LedgerJson;
import dev.saccade.ledger.json.StorableText;
import dev.saccade.ledger.videos.VideoLedger;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What workers do to jobs. Who may end an attempt is decided by one conditional statement on id, attempt, lease token and
 * state: where it changes no row, another owns the job.
 */
final class WorkerLedger {

    private static final int LONGEST_WORKER_ID = 200;

    private final JobRepository jobs;
    private final AttemptRepository attempts;
    private final EntityManager entities;
    private final VideoLedger videos;
    private final JobJournal journal;
    private final AttemptSettlement settlement;
    private final GroupedCalls<Claim, Optional<Claimed>> claims;
    private final GroupedCalls<Success, Boolean> successes;

    WorkerLedger(
            JobRepository jobs,
            AttemptRepository attempts,
            EntityManager entities,
            VideoLedger videos,
            JobJournal journal,
            AttemptSettlement settlement,
            LeaseStatements statements) {
        this.jobs = jobs;
        this.attempts = attempts;
        this.entities = entities;
        this.videos = videos;
        this.journal = journal;
        this.settlement = settlement;
        claims = new GroupedCalls<>(Claim::jobId, statements::claim);
        successes = new GroupedCalls<>(success -> success.lease().jobId(), statements::succeed);
    }

    /** Without its media; empty where the job isn't there for a claim: {@link #notClaimable} says why. */
    Optional<ClaimOutcome.Claimed> claim(UUID jobId, int attempt, String workerId, Duration duration) {
        var worker = StorableText.clip(workerId, LONGEST_WORKER_ID);
        var token = UUID.randomUUID();
        return claims.call(new Claim(jobId, attempt, token, worker, positiveMillis(duration)))
                .map(job -> new ClaimOutcome.Claimed(
                        new Lease(jobId, job.tenantId(), attempt, token, worker),
                        job.tenantId(),
                        LedgerJson.read(job.request(), JobRequest.class),
                        job.urgency(),
                        job.finishBy(),
                        List.of()));
    }

    ClaimOutcome.Claimed withMedia(ClaimOutcome.Claimed claimed) {
        return new ClaimOutcome.Claimed(
                claimed.lease(),
                claimed.tenantId(),
                claimed.request(),
                claimed.urgency(),
                claimed.finishBy(),
                videos.refs(claimed.tenantId(), claimed.request().mediaIds()));
    }

    /** Why a claim found nothing; expires a job that it finds past its deadline. */
    ClaimOutcome.NotClaimable notClaimable(UUID jobId, int attempt) {
        return new ClaimOutcome.NotClaimable(whyNot(jobId, attempt));
    }

    private ClaimOutcome.Reason whyNot(UUID jobId, int attempt) {
        var locked = jobs.lockHinted(jobId);
        if (locked.isEmpty()) {
            return ClaimOutcome.Reason.UNKNOWN_JOB;
        }
        var job = locked.get();
        entities.refresh(job);
        return switch (job.state) {
            case SUCCEEDED, FAILED -> ClaimOutcome.Reason.FINISHED;
            case CANCELLED -> ClaimOutcome.Reason.CANCELLED;
            case EXPIRED -> ClaimOutcome.Reason.EXPIRED;
            case RUNNING -> job.attempt == attempt ? ClaimOutcome.Reason.HELD : ClaimOutcome.Reason.STALE_ATTEMPT;
            case QUEUED -> {
                if (job.attempt != attempt) {
                    yield ClaimOutcome.Reason.STALE_ATTEMPT;
                }
                // still waiting at this attempt: only its deadline can have refused the claim
                settlement.expireQueued(job);
                yield ClaimOutcome.Reason.EXPIRED;
            }
        };
    }

    HeartbeatOutcome heartbeat(Lease lease, JobProgress progress, Duration extension) {
        var cancelRequested = jobs.heartbeat(
                lease.tenantId(),
                lease.jobId(),
                lease.attempt(),
                lease.token(),
                LedgerJson.write(progress),
                positiveMillis(extension));
        if (cancelRequested.isEmpty()) {
            return HeartbeatOutcome.LEASE_LOST;
        }
        return cancelRequested.getFirst() ? HeartbeatOutcome.CANCEL_REQUESTED : HeartbeatOutcome.CONTINUE;
    }

    boolean succeed(Lease lease, JobOutcome outcome) {
        return successes.call(new Success(lease, outcome));
    }

    /** What a call to {@link #succeed} that changed nothing has to answer. */
    boolean recordedSuccess(Lease lease) {
        return recordedOrDiscarded(lease, AttemptOutcome.SUCCEEDED);
    }

    /** Ends an attempt and its job without a result. */
    boolean finish(Lease lease, JobState state, AttemptOutcome outcome, @Nullable JobError error) {
        if (!end(lease, state, outcome, error)) {
            return recordedOrDiscarded(lease, outcome);
        }
        journalEnd(lease, state, error);
        return true;
    }

    RequeueOutcome giveBack(Lease lease, AttemptOutcome outcome, @Nullable JobError error) {
        var locked = jobs.lockLeased(lease.tenantId(), lease.jobId(), lease.attempt(), lease.token());
        if (locked.isEmpty()) {
            return recordedOrDiscarded(lease, outcome) ? whatBecameOf(lease) : RequeueOutcome.LEASE_LOST;
        }
        var job = locked.get();
        entities.refresh(job);
        return settlement.settle(job, JobJournal.actorOf(lease), outcome, error);
    }

    private boolean end(Lease lease, JobState state, AttemptOutcome outcome, @Nullable JobError error) {
        JobTransitions.require(JobState.RUNNING, state);
        var code = error == null ? null : error.code();
        var message = error == null ? null : error.message();
        int changed = jobs.finish(
                lease.tenantId(), lease.jobId(), lease.attempt(), lease.token(), state.name(), code, message);
        if (changed == 0) {
            return false;
        }
        attempts.end(lease.tenantId(), lease.jobId(), lease.attempt(), outcome.name(), code, message);
        return true;
    }

    private void journalEnd(Lease lease, JobState state, @Nullable JobError error) {
        journal.moved(
                lease.tenantId(),
                lease.jobId(),
                JobJournal.actorOf(lease),
                JobState.RUNNING,
                state,
                lease.attempt(),
                error);
    }

    /** True where this lease has already ended its attempt so: the answer to an earlier call was lost. */
    private boolean recordedOrDiscarded(Lease lease, AttemptOutcome outcome) {
        var recorded = attempts.outcomeOf(lease.tenantId(), lease.jobId(), lease.attempt(), lease.token());
        if (recorded.filter(outcome::equals).isPresent()) {
            return true;
        }
        if (jobs.findByTenantIdAndId(lease.tenantId(), lease.jobId()).isPresent()) {
            journal.discarded(lease, outcome);
        }
        return false;
    }

    private RequeueOutcome whatBecameOf(Lease lease) {
        var job = jobs.findByTenantIdAndId(lease.tenantId(), lease.jobId()).orElseThrow();
        if (job.attempt > lease.attempt()) {
            return RequeueOutcome.REQUEUED;
        }
        return switch (job.state) {
            case FAILED -> RequeueOutcome.EXHAUSTED;
            case CANCELLED -> RequeueOutcome.CANCELLED;
            case EXPIRED -> RequeueOutcome.EXPIRED;
            case QUEUED, RUNNING, SUCCEEDED ->
                throw new IllegalStateException(
                        "Job " + job.id + " is " + job.state + " after an attempt that was given back.");
        };
    }

    private static long positiveMillis(Duration duration) {
        if (duration.toMillis() <= 0) {
            throw new IllegalArgumentException("A lease lasts at least a millisecond.");
        }
        return duration.toMillis();
    }
}
