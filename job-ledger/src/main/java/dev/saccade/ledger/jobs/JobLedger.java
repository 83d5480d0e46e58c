package dev.saccade.ledger.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The life of jobs. Every method is one transaction, which joins the caller's where there is one. */
public final class JobLedger {

    public JobView submit(NewJob job) {
        throw new UnsupportedOperationException();
    }

    public ClaimOutcome claim(UUID jobId, int attempt, String workerId, Duration lease) {
        throw new UnsupportedOperationException();
    }

    public HeartbeatOutcome heartbeat(Lease lease, JobProgress progress, Duration extension) {
        throw new UnsupportedOperationException();
    }

    public boolean succeed(Lease lease, JobOutcome outcome) {
        throw new UnsupportedOperationException();
    }

    public boolean fail(Lease lease, JobError error) {
        throw new UnsupportedOperationException();
    }

    public boolean cancelled(Lease lease) {
        throw new UnsupportedOperationException();
    }

    public boolean expired(Lease lease) {
        throw new UnsupportedOperationException();
    }

    /** After a retryable error: queues the next attempt, or fails the job when it has cost the maximum of attempts. */
    public RequeueOutcome requeue(Lease lease, JobError error) {
        throw new UnsupportedOperationException();
    }

    /** Hands a job back unharmed, on a drain: the next attempt is queued and this one costs nothing. */
    public RequeueOutcome release(Lease lease) {
        throw new UnsupportedOperationException();
    }

    public CancelOutcome cancel(UUID tenantId, UUID jobId, String actor) {
        throw new UnsupportedOperationException();
    }

    public Optional<JobView> find(UUID tenantId, UUID jobId) {
        throw new UnsupportedOperationException();
    }

    /** Newest first, without results; {@code after} is the last id of the page before. */
    public List<JobView> list(UUID tenantId, JobFilter filter, @Nullable UUID after, int limit) {
        throw new UnsupportedOperationException();
    }

    /** Puts right what nobody else will; returns how many jobs were touched. */
    public int sweep(int limit) {
        throw new UnsupportedOperationException();
    }

    /** Jobs that wait with this urgency; counts no further than 1,000. */
    public long queued(Urgency urgency) {
        throw new UnsupportedOperationException();
    }

    /** Jobs of this urgency that were submitted before this one and still wait; counts no further than 1,000. */
    public long ahead(Urgency urgency, UUID jobId) {
        throw new UnsupportedOperationException();
    }
}
