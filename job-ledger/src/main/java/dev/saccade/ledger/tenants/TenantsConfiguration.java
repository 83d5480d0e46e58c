package dev.saccade.ledger.tenants;

import dev.saccade.ledger.audit.AuditLog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** The beans for tenants and their keys. */
@Configuration(proxyBeanMethods = false)
public class TenantsConfiguration {

    @Bean
    Tenants tenants(TenantRepository tenants, AuditLog audit, PlatformTransactionManager transactions) {
        return new Tenants(tenants, audit, transactions);
    }

    @Bean
    ApiKeys apiKeys(ApiKeyRepository keys, AuditLog audit, PlatformTransactionManager transactions) {
        return new ApiKeys(keys, audit, transactions);
    }
}
