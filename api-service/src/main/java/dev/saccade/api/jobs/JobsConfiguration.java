package dev.saccade.api.jobs;

import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.outbox.OutboxRelay;
import dev.saccade.api.prompts.PromptLookup;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.ledger.webhooks.Webhooks;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The addresses below {@code /v1/jobs}. */
@Configuration(proxyBeanMethods = false)
@Import({JobController.class, CopyController.class, SegmentsController.class})
public class JobsConfiguration {

    @Bean
    JobIntake apiJobIntake(VideoLedger videos, Webhooks webhooks, PromptLookup prompts, JobLimits limits) {
        return new JobIntake(videos, webhooks, prompts, limits, Clock.systemUTC());
    }

    @Bean
    JobWaits apiJobWaits(JobLedger ledger) {
        return new JobWaits(ledger);
    }

    @Bean
    JobAnswers apiJobAnswers(JobLedger ledger, JobWaits waits, Idempotency idempotency, OutboxRelay relay) {
        return new JobAnswers(ledger, waits, idempotency, relay);
    }

    @Bean
    JobClones apiJobClones(VideoLedger videos) {
        return new JobClones(videos);
    }
}
