package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.ClaimOutcome;
import dev.saccade.ledger.jobs.ClaimOutcome.Claimed;
import dev.saccade.ledger.jobs.ClaimOutcome.NotClaimable;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.messages.JobHint;
import dev.saccade.worker.events.LivePublisher;
import dev.saccade.worker.observability.AttemptObservations;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Follows a hint: claims the job, has it done under heartbeats, records what came of it. Thread-safe. */
public final class JobRunner {

    private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

    private final JobLedger ledger;
    private final AttemptRunner attempts;
    private final Heartbeats heartbeats;
    private final OutcomeRecorder recorder;
    private final LivePublisher live;
    private final AttemptObservations observations;
    private final String workerId;
    private final Duration lease;
    private final Set<RunningJob> running = ConcurrentHashMap.newKeySet();
    private volatile CountDownLatch stopping = new CountDownLatch(1);

    /** @param workerId who claims, for the ledger and the logs; unlike every other worker's */
    public JobRunner(
            JobLedger ledger,
            AttemptRunner attempts,
            Heartbeats heartbeats,
            LivePublisher live,
            AttemptObservations observations,
            String workerId,
            Duration lease) {
        this.ledger = ledger;
        this.attempts = attempts;
        this.heartbeats = heartbeats;
        this.recorder = new OutcomeRecorder(ledger);
        this.live = live;
        this.observations = observations;
        this.workerId = workerId;
        this.lease = lease;
    }

    /**
     * Returns when nothing is left to do for the hint.
     *
     * @param traceparent the trace that came with the hint; null for none
     * @return whether the message can be acknowledged; false where it should go to another worker, because this one stops
     */
    boolean follow(JobHint hint, @Nullable String traceparent) throws InterruptedException {
        var backoff = new Backoff();
        while (stopping.getCount() > 0) {
            long before = System.nanoTime();
            try {
                switch (ledger.claim(hint.jobId(), hint.attempt(), workerId, lease)) {
                    case NotClaimable(var reason) -> drop(hint, reason);
                    case Claimed claimed -> run(claimed, traceparent, before);
                }
                return true;
            } catch (DataAccessException | TransactionException e) {
                LOG.warn("Job {} could not be claimed yet: {}", hint.jobId(), e.toString());
            }
            if (stopping.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        return false;
    }

    /** Again, after a stop. */
    void startClaiming() {
        stopping = new CountDownLatch(1);
    }

    /** No further claims, from now on. */
    void stopClaiming() {
        stopping.countDown();
    }

    /** Stops what still runs, so that other workers go on with it. */
    void giveBack() {
        running.forEach(job -> job.halt(Halt.DRAIN));
    }

    /** Jobs that this worker holds. */
    public int running() {
        return running.size();
    }

    private void run(Claimed claimed, @Nullable String traceparent, long claimedAt) throws InterruptedException {
        var job = new RunningJob(claimed.lease(), new LeaseClock(lease, claimedAt));
        running.add(job);
        var lease = job.lease();
        try (var observed = observations.begin(lease, traceparent);
                var beat = heartbeats.begin(job, claimed.finishBy());
                var events = live.begin(lease.jobId(), lease.attempt(), job.progress())) {
            var outcome = attempts.run(job, claimed);
            observed.outcome(word(outcome));
            var word = recorder.record(job, outcome);
            LOG.info(
                    "Job {} of tenant {}, attempt {}: {} after {} ms",
                    job.lease().jobId(),
                    job.lease().tenantId(),
                    job.lease().attempt(),
                    word,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - claimedAt));
        } finally {
            running.remove(job);
        }
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Succeeded succeeded -> "succeeded";
            case Outcome.Failed failed -> "failed";
            case Outcome.Retry retry -> "retry";
            case Outcome.Outage outage -> "outage";
            case Outcome.Halted halted -> "halted";
        };
    }

    private static void drop(JobHint hint, ClaimOutcome.Reason reason) {
        LOG.info(
                "Message for job {}, attempt {} dropped: {}",
                hint.jobId(),
                hint.attempt(),
                reason.name().toLowerCase(Locale.ROOT));
    }
}
