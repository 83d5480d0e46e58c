package dev.saccade.ledger.jobs;

import dev.saccade.ledger.DatabaseClock;
import dev.saccade.ledger.LedgerSettings;
import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.outbox.Outbox;
import dev.saccade.ledger.tracing.CurrentTrace;
import dev.saccade.ledger.usage.QueueBound;
import dev.saccade.ledger.videos.VideoLedger;
import jakarta.persistence.EntityManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The bean for jobs, put together from its parts. */
@Configuration(proxyBeanMethods = false)
public class JobsConfiguration {

    @Bean
    JobLedger jobLedger(
            JobRepository jobs,
            AttemptRepository attempts,
            EntityManager entities,
            JdbcOperations jdbc,
            VideoLedger videos,
            QueueBound bound,
            AuditLog audit,
            Outbox outbox,
            DatabaseClock clock,
            LedgerSettings settings,
            ObjectProvider<CurrentTrace> trace,
            PlatformTransactionManager transactions) {
        var journal = new JobJournal(audit);
        var settlement = new AttemptSettlement(entities, attempts, journal, outbox, clock, settings);
        var workers =
                new WorkerLedger(jobs, attempts, entities, videos, journal, settlement, new LeaseStatements(jdbc));
        var sweeper = new JobSweeper(jobs, settlement, outbox, clock, transactions);
        return new JobLedger(
                jobs,
                entities,
                videos,
                journal,
                settlement,
                workers,
                sweeper,
                new JobInserts(jdbc, settings),
                new CancelStatements(jdbc),
                bound,
                new JobSearch(entities),
                new JobQueue(jobs, clock),
                clock,
                settings,
                trace.getIfAvailable(() -> CurrentTrace.NONE),
                transactions);
    }
}
