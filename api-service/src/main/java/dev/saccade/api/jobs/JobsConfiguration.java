package dev.saccade.api.jobs;

import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.videos.VideoLedger;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The addresses below {@code /v1/jobs}. */
@Configuration(proxyBeanMethods = false)
@Import(JobController.class)
public class JobsConfiguration {

    @Bean
    JobIntake apiJobIntake(VideoLedger videos, JobLimits limits) {
        return new JobIntake(videos, limits, Clock.systemUTC());
    }

    @Bean
    QueueWait apiQueueWait(JobLedger ledger) {
        return new QueueWait(ledger);
    }
}
