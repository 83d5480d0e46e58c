package dev.saccade.api.openai;

import dev.saccade.api.ApiProperties;
import dev.saccade.api.batches.BatchIntake;
import dev.saccade.api.jobs.JobWaits;
import dev.saccade.api.sweeping.Recurring;
import dev.saccade.api.uploads.UrlImports;
import dev.saccade.api.videos.VideoContent;
import dev.saccade.api.videos.VideoUploads;
import dev.saccade.ledger.batches.BatchLedger;
import dev.saccade.ledger.files.InputFiles;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.videos.VideoDeletions;
import dev.saccade.ledger.videos.VideoLedger;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/** OpenAI's addresses. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OpenAiProperties.class)
@Import({ChatController.class, ModelController.class, FileController.class, ResponseController.class})
public class OpenAiConfiguration {

    private static final Duration FORGOTTEN = Duration.ofMinutes(5);
    private static final int AT_ONCE = 20;

    @Bean
    OpenAiBodies openAiBodies(
            VideoLedger videos,
            VideoUploads uploads,
            UrlImports imports,
            ApiProperties api,
            OpenAiProperties properties) {
        return new OpenAiBodies(videos, uploads, imports, api, properties);
    }

    @Bean
    JobEnds openAiJobEnds(JobLedger ledger, JobWaits waits, OpenAiProperties properties) {
        return new JobEnds(ledger, waits, properties.answerTimeout());
    }

    @Bean
    FileBatches openAiFileBatches(
            InputFiles files,
            BatchIntake intake,
            BatchLedger ledger,
            OpenAiBodies bodies,
            OpenAiProperties properties) {
        return new FileBatches(files, intake, ledger, bodies, properties);
    }

    @Bean
    StoredFiles openAiStoredFiles(
            VideoLedger videos,
            VideoUploads uploads,
            VideoDeletions deletions,
            VideoContent contents,
            InputFiles inputs,
            BatchLedger batches,
            ApiProperties api,
            OpenAiProperties properties) {
        var outcomes = new BatchOutcomes(batches, properties);
        return new StoredFiles(videos, uploads, deletions, contents, inputs, batches, outcomes, api, properties);
    }

    /** Any number of instances may do so at once. */
    @Bean
    Recurring openAiOldFiles(InputFiles files) {
        return new Recurring("input-files", FORGOTTEN, () -> files.forget(AT_ONCE) == AT_ONCE);
    }

    /** Outside of what turns failures into problems. */
    @Bean
    FilterRegistrationBean<OpenAiShape> openAiShapeFilter() {
        var registration = new FilterRegistrationBean<>(new OpenAiShape());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 5);
        registration.addUrlPatterns(
                "/v1/chat/*",
                "/v1/models",
                "/v1/models/*",
                "/v1/files",
                "/v1/files/*",
                "/v1/responses",
                "/v1/responses/*");
        registration.addUrlPatterns(OpenAiShape.SHARED, OpenAiShape.SHARED + "/*");
        return registration;
    }
}
