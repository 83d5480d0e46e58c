package dev.saccade.ledger.usage;

import dev.saccade.ledger.LedgerSettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The beans for usage and the bounds of the queue. */
@Configuration(proxyBeanMethods = false)
public class UsageConfiguration {

    @Bean
    Usage usage(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        return new Usage(jdbc, transactions);
    }

    @Bean
    QueueBound queueBound(JdbcOperations jdbc, LedgerSettings settings) {
        return new QueueBound(jdbc, settings, System::nanoTime);
    }
}
