package dev.saccade.ledger.uploads;

import dev.saccade.ledger.videos.VideoLedger;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;

/** The beans for uploads in many requests. */
@Configuration(proxyBeanMethods = false)
public class UploadsConfiguration {

    @Bean
    UploadSessions uploadSessions(JdbcOperations jdbc, VideoLedger videos, PlatformTransactionManager transactions) {
        return new UploadSessions(jdbc, videos, transactions);
    }

    @Bean
    UploadEnds uploadEnds(JdbcOperations jdbc, VideoLedger videos) {
        return new UploadEnds(jdbc, videos);
    }
}
