package dev.saccade.ledger.prompts;

import dev.saccade.ledger.audit.AuditLog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The beans for tenants' prompts. */
@Configuration(proxyBeanMethods = false)
public class PromptsConfiguration {

    @Bean
    TenantPrompts tenantPrompts(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        return new TenantPrompts(jdbc, audit, transactions);
    }
}
