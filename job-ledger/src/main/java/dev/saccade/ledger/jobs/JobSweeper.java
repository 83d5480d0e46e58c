package dev.saccade.ledger.jobs;

import dev.saccade.ledger.DatabaseClock;
import dev.saccade.ledger.outbox.Outbox;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts right what nobody else will. Every job is settled in a transaction of its own: one that can't be settled holds
 * nobody else up, and no transaction locks the audit chains of two tenants, which could deadlock.
 */
final class JobSweeper {

    private static final Logger LOG = LoggerFactory.getLogger(JobSweeper.class);

    private static final Duration PUBLISHED_BEFORE = Duration.ofDays(1);

    private final JobRepository jobs;
    private final AttemptSettlement settlement;
    private final Outbox outbox;
    private final DatabaseClock clock;
    private final TransactionTemplate alone;

    JobSweeper(
            JobRepository jobs,
            AttemptSettlement settlement,
            Outbox outbox,
            DatabaseClock clock,
            PlatformTransactionManager transactions) {
        this.jobs = jobs;
        this.settlement = settlement;
        this.outbox = outbox;
        this.clock = clock;
        alone = new TransactionTemplate(transactions);
        alone.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    int sweep(int limit) {
        int touched = each(
                jobs.withLostLease(limit),
                jobs::lockWithLostLease,
                job -> settlement.settle(job, JobJournal.LEDGER, AttemptOutcome.LOST, AttemptSettlement.WORKER_LOST));
        touched += each(jobs.pastDeadline(limit), jobs::lockPastDeadline, settlement::expireQueued);
        touched += Objects.requireNonNull(alone.execute(status -> hintAgain(limit)));
        outbox.purge(PUBLISHED_BEFORE, limit);
        return touched;
    }

    private int each(List<UUID> ids, Function<UUID, Optional<JobEntity>> lock, Consumer<JobEntity> settle) {
        int touched = 0;
        for (var id : ids) {
            try {
                // the lock checks again: a heartbeat, a claim or another sweeper may have been faster
                touched += Objects.requireNonNull(alone.execute(status -> {
                    var job = lock.apply(id);
                    job.ifPresent(settle);
                    return job.isPresent() ? 1 : 0;
                }));
            } catch (DataAccessException e) {
                LOG.warn("Job {} could not be swept and stays for the next round.", id, e);
            }
        }
        return touched;
    }

    private int hintAgain(int limit) {
        var waiting = jobs.lockWithoutHint(limit);
        if (!waiting.isEmpty()) {
            var now = clock.now();
            waiting.forEach(job -> settlement.hint(job, now));
        }
        return waiting.size();
    }
}
