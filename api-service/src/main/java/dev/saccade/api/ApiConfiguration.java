package dev.saccade.api;

import dev.saccade.api.access.AccessConfiguration;
import dev.saccade.api.audit.AuditConfiguration;
import dev.saccade.api.batches.BatchesConfiguration;
import dev.saccade.api.critiques.CritiquesConfiguration;
import dev.saccade.api.deadletters.DeadLettersConfiguration;
import dev.saccade.api.events.EventsConfiguration;
import dev.saccade.api.health.StoreHealth;
import dev.saccade.api.idempotency.IdempotencyConfiguration;
import dev.saccade.api.jobs.JobLimits;
import dev.saccade.api.jobs.JobsConfiguration;
import dev.saccade.api.observability.ObservabilityConfiguration;
import dev.saccade.api.openai.OpenAiConfiguration;
import dev.saccade.api.openapi.OpenApiConfiguration;
import dev.saccade.api.outbox.OutboxRelay;
import dev.saccade.api.problems.ProblemsConfiguration;
import dev.saccade.api.prompts.PromptsConfiguration;
import dev.saccade.api.store.GuardedStore;
import dev.saccade.api.store.ObjectStore;
import dev.saccade.api.store.S3Store;
import dev.saccade.api.store.StoreProperties;
import dev.saccade.api.sweeping.Recurring;
import dev.saccade.api.sweeping.Sweeper;
import dev.saccade.api.tenants.TenantsConfiguration;
import dev.saccade.api.uploads.UploadsConfiguration;
import dev.saccade.api.usage.UsageConfiguration;
import dev.saccade.api.videos.UploadLimits;
import dev.saccade.api.videos.VideoContent;
import dev.saccade.api.videos.VideoRemovals;
import dev.saccade.api.videos.VideoUploads;
import dev.saccade.api.videos.VideosConfiguration;
import dev.saccade.api.webhooks.WebhooksConfiguration;
import dev.saccade.ledger.LedgerConfiguration;
import dev.saccade.ledger.idempotency.IdempotentAnswers;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.outbox.Outbox;
import dev.saccade.ledger.partitions.PartitionKeeper;
import dev.saccade.ledger.videos.VideoDeletions;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.runtime.media.MediaProbe;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.PropertySource;

/**
 * The API's beans: what another application imports to hold the API. It needs Boot's auto-configuration of web, JDBC, JPA,
 * AMQP and actuator. Its own settings of those are defaults that the application's properties override.
 */
@Configuration(proxyBeanMethods = false)
@PropertySource("classpath:dev/saccade/api/defaults.properties")
@EnableConfigurationProperties({ApiProperties.class, MediaProperties.class, StoreProperties.class})
@Import({
    LedgerConfiguration.class,
    ProblemsConfiguration.class,
    AccessConfiguration.class,
    IdempotencyConfiguration.class,
    VideosConfiguration.class,
    UploadsConfiguration.class,
    JobsConfiguration.class,
    BatchesConfiguration.class,
    OpenAiConfiguration.class,
    WebhooksConfiguration.class,
    PromptsConfiguration.class,
    CritiquesConfiguration.class,
    EventsConfiguration.class,
    AuditConfiguration.class,
    TenantsConfiguration.class,
    DeadLettersConfiguration.class,
    UsageConfiguration.class,
    OpenApiConfiguration.class,
    ObservabilityConfiguration.class
})
public class ApiConfiguration {

    private static final int STORED_AT_ONCE = 8;

    @Bean
    GuardedStore apiStore(StoreProperties properties) {
        return new GuardedStore(new S3Store(properties), properties.pause());
    }

    @Bean
    MeterBinder apiStoreMeters(GuardedStore store) {
        return registry -> {
            Gauge.builder("saccade.store.refusing", store, refusing -> refusing.refusing() ? 1 : 0)
                    .description("1 while the object store is left alone because it failed again and again")
                    .register(registry);
            FunctionCounter.builder("saccade.store.refused", store, GuardedStore::refused)
                    .description("Calls of the object store that were refused meanwhile")
                    .register(registry);
        };
    }

    @Bean
    StoreHealth apiStoreHealthIndicator(ObjectStore store) {
        return new StoreHealth(store);
    }

    @Bean
    UploadLimits apiUploadLimits(ApiProperties api) {
        return new UploadLimits(
                api.maxUploadBytes(),
                api.maxConcurrentUploads(),
                STORED_AT_ONCE,
                api.uploadFolder(),
                api.deduplicate());
    }

    @Bean
    VideoUploads apiVideoUploads(VideoLedger ledger, ObjectStore store, MediaProperties media, UploadLimits limits) {
        return new VideoUploads(ledger, store, new MediaProbe(media.limits(limits.maxBytes())), limits);
    }

    /** Any number of instances may sweep at once: each takes what no other has. */
    @Bean
    Recurring apiVideoRemovals(VideoDeletions deletions, ObjectStore store, ApiProperties api) {
        VideoRemovals removals = new VideoRemovals(deletions, store);
        return new Recurring("video-removals", api.sweepInterval(), removals::sweep);
    }

    @Bean
    VideoContent apiVideoContent(ObjectStore store) {
        return new VideoContent(store);
    }

    @Bean
    JobLimits apiJobLimits(ApiProperties api) {
        return new JobLimits(api.maxQuestionCharacters(), api.maxMessages(), api.maxMediaPerJob(), api.maxTokens());
    }

    @Bean
    OutboxRelay apiOutboxRelay(Outbox outbox, ConnectionFactory connections, ApiProperties api) {
        if (!connections.isPublisherConfirms() || !connections.isPublisherReturns()) {
            throw new IllegalStateException("Set spring.rabbitmq.publisher-confirm-type=correlated"
                    + " and spring.rabbitmq.publisher-returns=true: the outbox depends on them.");
        }
        RabbitTemplate template = new RabbitTemplate(connections);
        template.setMandatory(true);
        return new OutboxRelay(outbox, template, api.relayInterval());
    }

    @Bean
    Sweeper apiSweeper(
            JobLedger jobs, VideoLedger videos, IdempotentAnswers answers, OutboxRelay relay, ApiProperties api) {
        return new Sweeper(jobs, videos, answers, relay::wake, api.sweepInterval());
    }

    /** Any number of instances may try at once: one works. */
    @Bean
    Recurring apiPartitions(PartitionKeeper partitions, ApiProperties api) {
        return new Recurring("partitions", api.partitionInterval(), partitions::keep);
    }
}
