package dev.saccade.ledger.batches;

import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.jobs.JobLedger;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The beans for batches. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BatchSettings.class)
public class BatchesConfiguration {

    @Bean
    BatchIntakes batchIntakes(
            JdbcOperations jdbc, JobLedger jobs, AuditLog audit, PlatformTransactionManager transactions) {
        return new BatchIntakes(jdbc, jobs, audit, transactions);
    }

    @Bean
    BatchLedger batchLedger(
            JdbcOperations jdbc,
            JobLedger jobs,
            AuditLog audit,
            BatchSettings settings,
            PlatformTransactionManager transactions) {
        return new BatchLedger(jdbc, jobs, audit, settings, transactions);
    }
}
