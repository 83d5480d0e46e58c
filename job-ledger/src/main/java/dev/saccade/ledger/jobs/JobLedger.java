package dev.saccade.ledger.jobs;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.DatabaseClock;
import dev.saccade.ledger.LedgerSettings;
import dev.saccade.ledger.json.LedgerJson;
import dev.saccade.ledger.json.StorableText;
import dev.saccade.ledger.tracing.CurrentTrace;
import dev.saccade.ledger.usage.QueueBound;
import dev.saccade.ledger.usage.QueueFullException;
import dev.saccade.ledger.videos.MediaRef;
import dev.saccade.ledger.videos.MediaUnavailableException;
import dev.saccade.ledger.videos.VideoLedger;
import jakarta.persistence.EntityManager;
import jakarta.persistence.QueryTimeoutException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The life of jobs, as clients see it. What workers do is {@link WorkerLedger}'s part, which this class hands on to. Every
 * method is one transaction, which joins the caller's where there is one; only {@link #sweep} and
 * {@link #cancelAll} take many of their own.
 */
public final class JobLedger {

    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_PAGE = 1_000;

    private final JobRepository jobs;
    private final EntityManager entities;
    private final VideoLedger videos;
    private final JobJournal journal;
    private final AttemptSettlement settlement;
    private final WorkerLedger workers;
    private final JobSweeper sweeper;
    private final JobInserts inserts;
    private final CancelStatements cancels;
    private final GroupedCalls<JobInserts.New, JobInserts.New> submissions;
    private final QueueBound bound;
    private final JobSearch search;
    private final JobQueue queue;
    private final DatabaseClock clock;
    private final LedgerSettings settings;
    private final CurrentTrace trace;
    private final TransactionTemplate transaction;

    JobLedger(
            JobRepository jobs,
            EntityManager entities,
            VideoLedger videos,
            JobJournal journal,
            AttemptSettlement settlement,
            WorkerLedger workers,
            JobSweeper sweeper,
            JobInserts inserts,
            CancelStatements cancels,
            QueueBound bound,
            JobSearch search,
            JobQueue queue,
            DatabaseClock clock,
            LedgerSettings settings,
            CurrentTrace trace,
            PlatformTransactionManager transactions) {
        this.jobs = jobs;
        this.entities = entities;
        this.videos = videos;
        this.journal = journal;
        this.settlement = settlement;
        this.workers = workers;
        this.sweeper = sweeper;
        this.inserts = inserts;
        this.cancels = cancels;
        submissions = new GroupedCalls<>(row -> row.job().id, inserts::insert);
        this.bound = bound;
        this.search = search;
        this.queue = queue;
        this.clock = clock;
        this.settings = settings;
        this.trace = trace;
        transaction = new TransactionTemplate(transactions);
    }

    /**
     * Takes a job in: it is QUEUED, with its hint in the outbox.
     *
     * @throws MediaUnavailableException where the request names media that the tenant doesn't have or that isn't READY
     * @throws QueueFullException where too many jobs wait already
     */
    public JobView submit(NewJob job) {
        if (job.webhookId() != null) {
            return submitAll(List.of(job)).getFirst();
        }
        bound.admit(1);
        requireMedia(List.of(job));
        return submissions.call(taken(job, trace.traceparent())).job().toView(null);
    }

    /**
     * Takes many jobs in, all or none, in their order.
     *
     * @throws MediaUnavailableException as {@link #submit}
     * @throws QueueFullException as {@link #submit}
     */
    public List<JobView> submitAll(List<NewJob> batch) {
        bound.admit(batch.size());
        requireMedia(batch);
        var traceparent = trace.traceparent();
        var rows = batch.stream().map(job -> taken(job, traceparent)).toList();
        if (batch.stream().allMatch(job -> job.webhookId() == null)) {
            inserts.insert(rows);
        } else {
            transaction.executeWithoutResult(status -> {
                inserts.insert(rows);
                inserts.insertWebhooks(rows, batch);
            });
        }
        return rows.stream().map(row -> row.job().toView(null)).toList();
    }

    private JobInserts.New taken(NewJob job, @Nullable String traceparent) {
        var row = new JobEntity();
        row.id = UuidCreator.getTimeOrderedEpoch();
        row.tenantId = job.tenantId();
        row.actor = StorableText.clip(job.actor(), LONGEST_NAME);
        row.urgency = job.urgency();
        row.state = JobState.QUEUED;
        row.request = LedgerJson.write(job.request());
        row.tags = LedgerJson.write(job.tags());
        row.attempt = 1;
        row.maxAttempts = settings.maxAttempts();
        row.startBy = job.startBy();
        row.finishBy = job.finishBy();
        row.traceparent = traceparent;
        return new JobInserts.New(row, JobWords.asked(row.tenantId, job.request(), job.tags()));
    }

    /**
     * Follows a hint: takes the job's lease if it is QUEUED at this very attempt.
     *
     * @param lease how long the worker may be silent, by the database's clock
     */
    public ClaimOutcome claim(UUID jobId, int attempt, String workerId, Duration lease) {
        var claimed = workers.claim(jobId, attempt, workerId, lease);
        if (claimed.isEmpty()) {
            return inTransaction(() -> workers.notClaimable(jobId, attempt));
        }
        try {
            return workers.withMedia(claimed.get());
        } catch (RuntimeException e) {
            giveBackQuietly(claimed.get().lease(), e);
            throw e;
        }
    }

    /** A lease that its worker will never hear of. */
    private void giveBackQuietly(Lease lease, RuntimeException cause) {
        try {
            release(lease);
        } catch (RuntimeException e) {
            cause.addSuppressed(e); // the lease runs out
        }
    }

    /**
     * Extends a lease and shows progress. A lease that has run out is renewed too, as long as nobody took the job.
     *
     * @param extension how long from now, by the database's clock
     */
    public HeartbeatOutcome heartbeat(Lease lease, JobProgress progress, Duration extension) {
        return inTransaction(() -> workers.heartbeat(lease, progress, extension));
    }

    /**
     * RUNNING → SUCCEEDED. True when the job has this outcome, also when it was recorded by an earlier call whose answer
     * was lost; false when another owns the job: the outcome was discarded, which is audited. A cancel request or deadline
     * that came too late doesn't undo the work.
     */
    public boolean succeed(Lease lease, JobOutcome outcome) {
        return workers.succeed(lease, outcome) || inTransaction(() -> workers.recordedSuccess(lease));
    }

    /** RUNNING → FAILED, for an error that no other attempt would escape. Answers as {@link #succeed}. */
    public boolean fail(Lease lease, JobError error) {
        return inTransaction(
                () -> workers.finish(lease, JobState.FAILED, AttemptOutcome.FAILED, JobErrors.storable(error)));
    }

    /** RUNNING → CANCELLED. Answers as {@link #succeed}. */
    public boolean cancelled(Lease lease) {
        return inTransaction(() -> workers.finish(lease, JobState.CANCELLED, AttemptOutcome.CANCELLED, null));
    }

    /** RUNNING → EXPIRED, when finish_by has passed. Answers as {@link #succeed}. */
    public boolean expired(Lease lease) {
        return inTransaction(() ->
                workers.finish(lease, JobState.EXPIRED, AttemptOutcome.EXPIRED, AttemptSettlement.FINISH_BY_PASSED));
    }

    /** After a retryable error: queues the next attempt, or fails the job when it has cost the maximum of attempts. */
    public RequeueOutcome requeue(Lease lease, JobError error) {
        return inTransaction(() -> workers.giveBack(lease, AttemptOutcome.RETRYABLE, JobErrors.storable(error)));
    }

    /** Hands a job back unharmed, on a drain: the next attempt is queued and this one costs nothing. */
    public RequeueOutcome release(Lease lease) {
        return inTransaction(() -> workers.giveBack(lease, AttemptOutcome.RELEASED, null));
    }

    /** The same because of something that isn't the job's fault, such as an object store that is down. */
    public RequeueOutcome release(Lease lease, JobError why) {
        return inTransaction(() -> workers.giveBack(lease, AttemptOutcome.RELEASED, JobErrors.storable(why)));
    }

    /** Cancels a waiting job at once; asks the worker of a running one to stop. */
    public CancelOutcome cancel(UUID tenantId, UUID jobId, String actor) {
        return inTransaction(() -> {
            var locked = jobs.lockOwned(tenantId, jobId);
            if (locked.isEmpty()) {
                return CancelOutcome.NOT_FOUND;
            }
            var job = locked.get();
            entities.refresh(job); // the caller's transaction may have read it before the lock
            return switch (job.state) {
                case QUEUED -> {
                    job.cancelRequested = true;
                    job.moveTo(JobState.CANCELLED, clock.now(), null);
                    journal.moved(tenantId, jobId, actor, JobState.QUEUED, JobState.CANCELLED, job.attempt, null);
                    yield CancelOutcome.CANCELLED;
                }
                case RUNNING -> {
                    if (!job.cancelRequested) {
                        job.cancelRequested = true;
                        journal.cancelRequested(job, actor);
                    }
                    yield CancelOutcome.CANCEL_REQUESTED;
                }
                case SUCCEEDED, FAILED, CANCELLED, EXPIRED -> CancelOutcome.ALREADY_FINISHED;
            };
        });
    }

    /** Writes a waiting job's hint once more, at once; false where there is no such job or it doesn't wait. */
    public boolean hintAgain(UUID tenantId, UUID jobId, String actor) {
        return inTransaction(() -> {
            var job = jobs.lockOwned(tenantId, jobId).orElse(null);
            if (job == null) {
                return false;
            }
            entities.refresh(job);
            if (job.state != JobState.QUEUED) {
                return false;
            }
            settlement.hint(job, clock.now());
            journal.hintedAgain(job, actor);
            return true;
        });
    }

    /**
     * Cancels as {@link #cancel} does, many in one statement. Jobs that another transaction holds at this moment follow one
     * by one, each in a transaction of its own.
     */
    public CancelCounts cancelAll(UUID tenantId, Collection<UUID> jobIds, String actor) {
        if (jobIds.isEmpty()) {
            return new CancelCounts(0, 0);
        }
        var together = inTransaction(() -> {
            var open = cancels.lock(tenantId, jobIds);
            if (!open.isEmpty()) {
                cancels.cancel(tenantId, open, actor);
            }
            return open;
        });
        int waited = Math.toIntExact(
                together.stream().filter(job -> job.state() == JobState.QUEUED).count());
        var done = together.stream().map(CancelStatements.Open::id).collect(Collectors.toSet());
        return jobIds.stream()
                .distinct()
                .filter(id -> !done.contains(id))
                .map(id -> CancelCounts.of(cancel(tenantId, id, actor)))
                .reduce(new CancelCounts(waited, together.size() - waited), CancelCounts::plus);
    }

    /** The tenant's job with its result; empty for an unknown id and for another tenant's. */
    public Optional<JobView> find(UUID tenantId, UUID jobId) {
        return inTransaction(() -> jobs.findByTenantIdAndId(tenantId, jobId).map(job -> {
            entities.refresh(job);
            var result =
                    job.state == JobState.SUCCEEDED ? jobs.result(tenantId, jobId) : Optional.<ResultEntity>empty();
            return job.toView(result.map(ResultEntity::toOutcome).orElse(null));
        }));
    }

    /** Those of these jobs that the tenant has, with their results, in no order. */
    public List<JobView> findAll(UUID tenantId, Collection<UUID> jobIds) {
        if (jobIds.isEmpty()) {
            return List.of();
        }
        return inTransaction(() -> {
            var found = jobs.findByTenantIdAndIdIn(tenantId, jobIds);
            var results = jobs.results(tenantId, jobIds).stream()
                    .collect(Collectors.toMap(result -> result.jobId, ResultEntity::toOutcome));
            return found.stream()
                    .map(job -> job.toView(job.state == JobState.SUCCEEDED ? results.get(job.id) : null))
                    .toList();
        });
    }

    /**
     * The tenant's jobs, newest first, without results.
     *
     * @param after the last id of the page before; null for the first page
     * @param limit 1 to 1,000
     * @throws SearchTooBroadException where it takes longer than eight seconds
     */
    public List<JobView> list(UUID tenantId, JobFilter filter, @Nullable UUID after, int limit) {
        if (limit < 1 || limit > LONGEST_PAGE) {
            throw new IllegalArgumentException("A page has 1 to " + LONGEST_PAGE + " jobs.");
        }
        return searched(() -> search.find(tenantId, filter, after, limit).stream()
                .map(job -> job.toView(null))
                .toList());
    }

    /**
     * Ids of jobs that a cancel would change, newest first.
     *
     * @param filter where it names states, only those of them that are unfinished
     * @param limit 1 to 1,000
     * @throws SearchTooBroadException as {@link #list}
     */
    public List<UUID> cancellable(UUID tenantId, JobFilter filter, int limit) {
        return searched(() -> search.cancellable(tenantId, filter, Math.clamp(limit, 1, LONGEST_PAGE)));
    }

    private <T> T searched(Supplier<T> work) {
        try {
            return inTransaction(work);
        } catch (QueryTimeoutException slow) {
            throw new SearchTooBroadException(slow);
        }
    }

    /** Those of these jobs, which their callers may see, that are finished. */
    public Set<UUID> finished(Collection<UUID> jobIds) {
        return jobIds.isEmpty() ? Set.of() : Set.copyOf(inTransaction(() -> jobs.finished(jobIds)));
    }

    /**
     * Puts right what nobody else will, at most {@code limit} jobs of each kind: leases that ran out (queued again,
     * cancelled, expired or given up), waiting jobs whose deadline passed (EXPIRED), waiting jobs whose hint may be lost
     * (a new one). Deletes old published outbox rows. Any number of sweepers may work at once.
     *
     * @return how many jobs were touched
     */
    public int sweep(int limit) {
        return sweeper.sweep(limit);
    }

    /** Jobs that wait with this urgency; counts no further than 1,000. */
    public long queued(Urgency urgency) {
        return jobs.countQueued(urgency.name(), JobQueue.COUNTED_MOST);
    }

    /** Where a waiting job stands among those of its urgency. */
    public QueueStanding standing(Urgency urgency, UUID jobId) {
        return inTransaction(() -> queue.standing(urgency, jobId));
    }

    private void requireMedia(List<NewJob> batch) {
        batch.stream()
                .collect(Collectors.groupingBy(
                        NewJob::tenantId,
                        Collectors.flatMapping(
                                job -> job.request().mediaIds().stream(), Collectors.toCollection(LinkedHashSet::new))))
                .forEach(this::requireMedia);
    }

    private void requireMedia(UUID tenantId, Set<UUID> wanted) {
        var found =
                videos.refs(tenantId, wanted).stream().map(MediaRef::videoId).collect(Collectors.toSet());
        if (found.size() < wanted.size()) {
            throw new MediaUnavailableException(wanted.stream()
                    .filter(id -> !found.contains(id))
                    .findFirst()
                    .orElseThrow());
        }
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }
}
