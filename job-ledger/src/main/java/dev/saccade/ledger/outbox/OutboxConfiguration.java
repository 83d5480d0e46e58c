package dev.saccade.ledger.outbox;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The outbox's bean. */
@Configuration(proxyBeanMethods = false)
public class OutboxConfiguration {

    @Bean
    Outbox outbox(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        return new Outbox(jdbc, transactions);
    }
}
