package dev.saccade.ledger.videos;

import dev.saccade.ledger.DatabaseClock;
import dev.saccade.ledger.audit.AuditLog;
import jakarta.persistence.EntityManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** The bean for uploads. */
@Configuration(proxyBeanMethods = false)
public class VideosConfiguration {

    @Bean
    VideoLedger videoLedger(
            VideoRepository videos,
            EntityManager entities,
            AuditLog audit,
            DatabaseClock clock,
            PlatformTransactionManager transactions) {
        return new VideoLedger(videos, entities, audit, clock, transactions);
    }
}
