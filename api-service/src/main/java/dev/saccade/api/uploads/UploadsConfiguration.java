package dev.saccade.api.uploads;

import dev.saccade.api.store.ObjectStore;
import dev.saccade.api.sweeping.Recurring;
import dev.saccade.api.videos.UploadLimits;
import dev.saccade.api.videos.VideoUploads;
import dev.saccade.ledger.uploads.UploadEnds;
import dev.saccade.ledger.uploads.UploadSessions;
import dev.saccade.ledger.videos.VideoDeletions;
import dev.saccade.ledger.videos.VideoLedger;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The addresses below {@code /v1/uploads} and {@code /v1/tus}, {@code /v1/videos/import}, and who clears up. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({UploadProperties.class, ImportProperties.class})
@Import({UploadController.class, TusController.class, ImportController.class})
public class UploadsConfiguration {

    @Bean
    OpenUploads apiOpenUploads(UploadSessions sessions, VideoLedger videos, VideoDeletions deletions) {
        return new OpenUploads(sessions, videos, deletions);
    }

    @Bean
    FileChecks apiFileChecks(
            UploadSessions sessions, VideoUploads uploads, ObjectStore store, UploadProperties properties) {
        return new FileChecks(sessions, uploads, store, properties.patience());
    }

    @Bean
    PresignedUploads apiPresignedUploads(ObjectStore store, FileChecks checks) {
        return new PresignedUploads(store, checks);
    }

    @Bean
    TusUploads apiTusUploads(
            UploadSessions sessions,
            VideoUploads uploads,
            ObjectStore store,
            FileChecks checks,
            UploadLimits limits,
            UploadProperties properties) {
        return new TusUploads(sessions, uploads, store, checks, limits.folder(), properties.segmentBytes());
    }

    @Bean
    UrlImports apiUrlImports(VideoUploads uploads, UploadLimits limits, ImportProperties properties) {
        return new UrlImports(uploads, limits, properties);
    }

    /** Any number of instances may sweep at once: each takes what no other has. */
    @Bean
    Recurring apiUploadRemovals(
            UploadEnds ends, ObjectStore store, @Value("${saccade.api.sweep-interval:5s}") Duration interval) {
        return new Recurring("upload-removals", interval, new UploadRemovals(ends, store)::sweep);
    }
}
