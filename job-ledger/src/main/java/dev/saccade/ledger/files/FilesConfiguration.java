package dev.saccade.ledger.files;

import dev.saccade.ledger.audit.AuditLog;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The bean for files of lines. */
@Configuration(proxyBeanMethods = false)
public class FilesConfiguration {

    @Bean
    InputFiles inputFiles(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        return new InputFiles(jdbc, audit, transactions);
    }
}
