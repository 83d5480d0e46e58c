package dev.saccade.api.openai;

import dev.saccade.api.ApiProperties;
import dev.saccade.api.jobs.JobWaits;
import dev.saccade.api.uploads.UrlImports;
import dev.saccade.api.videos.VideoUploads;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.videos.VideoLedger;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;

/** OpenAI's addresses. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OpenAiProperties.class)
@Import({ChatController.class, ModelController.class})
public class OpenAiConfiguration {

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
