package dev.saccade.ledger.usage;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The bean for usage. */
@Configuration(proxyBeanMethods = false)
public class UsageConfiguration {

    @Bean
    Usage usage(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        return new Usage(jdbc, transactions);
    }
}
