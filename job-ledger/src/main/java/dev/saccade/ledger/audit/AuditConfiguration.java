package dev.saccade.ledger.audit;

import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The audit log's beans. */
@Configuration(proxyBeanMethods = false)
public class AuditConfiguration {

    @Bean
    AuditLog auditLog(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        return new AuditLog(jdbc, transactions);
    }

    @Bean
    AuditReader auditReader(DataSource database) {
        return new AuditReader(database);
    }

    @Bean
    AuditSealer auditSealer(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        return new AuditSealer(jdbc, transactions);
    }

    @Bean
    AuditVerifier auditVerifier(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        return new AuditVerifier(jdbc, transactions);
    }
}
