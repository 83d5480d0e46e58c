package dev.saccade.ledger.outbox;

import dev.saccade.ledger.DatabaseClock;
import jakarta.persistence.EntityManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** The outbox's bean. */
@Configuration(proxyBeanMethods = false)
public class OutboxConfiguration {

    @Bean
    Outbox outbox(
            OutboxRepository rows,
            EntityManager entities,
            DatabaseClock clock,
            PlatformTransactionManager transactions) {
        return new Outbox(rows, entities, clock, transactions);
    }
}
