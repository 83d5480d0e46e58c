package dev.saccade.ledger.videos;

import dev.saccade.ledger.DatabaseClock;
import dev.saccade.ledger.audit.AuditLog;
import jakarta.persistence.EntityManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The beans for uploads and their end. */
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

    @Bean
    VideoDeletions videoDeletions(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        return new VideoDeletions(jdbc, audit, transactions);
    }
}
