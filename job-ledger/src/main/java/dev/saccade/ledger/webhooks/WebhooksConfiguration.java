package dev.saccade.ledger.webhooks;

import dev.saccade.ledger.audit.AuditLog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The beans for webhooks. */
@Configuration(proxyBeanMethods = false)
public class WebhooksConfiguration {

    @Bean
    Webhooks webhooks(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        return new Webhooks(jdbc, audit, transactions);
    }

    @Bean
    Deliveries webhookDeliveries(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        return new Deliveries(jdbc, audit, transactions);
    }
}
