package dev.saccade.api.audit;

import dev.saccade.api.sweeping.Recurring;
import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.audit.AuditSealer;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The addresses below {@code /v1/audit}, the journal of reads, and the thread that seals. */
@Configuration(proxyBeanMethods = false)
@Import(AuditController.class)
public class AuditConfiguration {

    private static final int ROUND = 10_000;
    private static final Duration READS_WRITTEN = Duration.ofMillis(500);

    /** Any number of instances may try at once: one seals. */
    @Bean
    Recurring apiAuditSealing(AuditSealer sealer, @Value("${saccade.audit.seal-interval:1s}") Duration interval) {
        return new Recurring("audit-sealer", interval, () -> sealer.seal(ROUND) >= ROUND);
    }

    @Bean
    ReadJournal apiReadJournal(ObjectProvider<AuditLog> log) {
        return new ReadJournal(log::getObject);
    }

    @Bean
    Recurring apiReadJournalWriting(ReadJournal journal) {
        return new Recurring("read-journal", READS_WRITTEN, journal::write);
    }

    @Bean
    WebMvcConfigurer apiJournaledReads(ReadJournal journal) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry interceptors) {
                interceptors.addInterceptor(journal);
            }
        };
    }
}
