package dev.saccade.api.batches;

import dev.saccade.api.jobs.JobIntake;
import dev.saccade.api.outbox.OutboxRelay;
import dev.saccade.api.sweeping.Recurring;
import dev.saccade.ledger.batches.BatchIntakes;
import dev.saccade.ledger.batches.BatchLedger;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The addresses below {@code /v1/batches}, and who looks whether batches have ended. */
@Configuration(proxyBeanMethods = false)
@Import(BatchController.class)
@EnableConfigurationProperties(BatchLimits.class)
public class BatchesConfiguration {

    private static final int LOOKED_AT_ONCE = 20;

    @Bean
    BatchIntake apiBatchIntake(JobIntake jobs, BatchIntakes ledger, OutboxRelay relay, BatchLimits limits) {
        return new BatchIntake(jobs, ledger, relay, limits);
    }

    /** Any number of instances may do so at once. */
    @Bean
    Recurring apiBatchKeeper(BatchLedger ledger, @Value("${saccade.batches.look-interval:1s}") Duration interval) {
        return new Recurring("batches", interval, () -> ledger.look(LOOKED_AT_ONCE));
    }
}
