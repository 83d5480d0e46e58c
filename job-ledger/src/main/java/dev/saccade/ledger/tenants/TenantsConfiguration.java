package dev.saccade.ledger.tenants;

import dev.saccade.ledger.audit.AuditLog;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The beans for tenants and their keys. */
@Configuration(proxyBeanMethods = false)
public class TenantsConfiguration {

    @Bean
    Tenants tenants(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        return new Tenants(jdbc, audit, transactions);
    }

    @Bean
    RequestLimiter requestLimiter(DataSource database) {
        return new RequestLimiter(database);
    }

    @Bean
    ApiKeys apiKeys(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        return new ApiKeys(jdbc, audit, transactions);
    }
}
