package dev.saccade.ledger.deadletters;

import dev.saccade.ledger.jobs.JobLedger;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** The beans for dead letters. */
@Configuration(proxyBeanMethods = false)
public class DeadLettersConfiguration {

    @Bean
    DeadLetters deadLetters(JdbcTemplate jdbc, JobLedger jobs, PlatformTransactionManager transactions) {
        return new DeadLetters(jdbc, jobs, transactions);
    }
}
