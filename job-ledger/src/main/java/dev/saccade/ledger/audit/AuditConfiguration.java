package dev.saccade.ledger.audit;

import jakarta.persistence.EntityManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** The audit log's beans. */
@Configuration(proxyBeanMethods = false)
public class AuditConfiguration {

    @Bean
    AuditLog auditLog(AuditRepository events, EntityManager entities) {
        return new AuditLog(events, entities);
    }

    @Bean
    AuditVerifier auditVerifier(
            AuditRepository events, EntityManager entities, PlatformTransactionManager transactions) {
        return new AuditVerifier(events, entities, transactions);
    }
}
