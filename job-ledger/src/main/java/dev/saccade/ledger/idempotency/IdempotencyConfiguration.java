package dev.saccade.ledger.idempotency;

import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** The bean for idempotent answers. */
@Configuration(proxyBeanMethods = false)
public class IdempotencyConfiguration {

    @Bean
    IdempotentAnswers idempotentAnswers(DataSource database, PlatformTransactionManager transactions) {
        return new IdempotentAnswers(database, transactions);
    }
}
