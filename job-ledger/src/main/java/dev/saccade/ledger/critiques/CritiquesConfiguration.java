package dev.saccade.ledger.critiques;

import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.jobs.JobLedger;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The bean for critiques. */
@Configuration(proxyBeanMethods = false)
public class CritiquesConfiguration {

    @Bean
    Critiques critiques(JdbcOperations jdbc, JobLedger jobs, AuditLog audit, PlatformTransactionManager transactions) {
        return new Critiques(jdbc, jobs, audit, transactions);
    }
}
