package dev.saccade.ledger;

import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.messages.BrokerKind;
import dev.saccade.ledger.messages.JobQueues;
import dev.saccade.ledger.outbox.Outbox;
import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Tenants;
import dev.saccade.ledger.videos.VideoLedger;
import org.springframework.amqp.core.Declarables;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The ledger's beans: the one thing that a service imports. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LedgerSettings.class)
public class LedgerConfiguration {

    @Bean
    JobLedger jobLedger() {
        return new JobLedger();
    }

    @Bean
    VideoLedger videoLedger() {
        return new VideoLedger();
    }

    @Bean
    Tenants tenants() {
        return new Tenants();
    }

    @Bean
    ApiKeys apiKeys() {
        return new ApiKeys();
    }

    @Bean
    Outbox outbox() {
        return new Outbox();
    }

    /** Declared by Spring AMQP when the first connection opens. */
    @Bean
    Declarables jobQueues(@Value("${saccade.broker.kind:rabbitmq}") BrokerKind kind) {
        return JobQueues.declarables(kind);
    }
}
