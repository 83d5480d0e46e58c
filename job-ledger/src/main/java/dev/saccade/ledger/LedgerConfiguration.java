package dev.saccade.ledger;

import dev.saccade.ledger.audit.AuditConfiguration;
import dev.saccade.ledger.batches.BatchesConfiguration;
import dev.saccade.ledger.critiques.CritiquesConfiguration;
import dev.saccade.ledger.deadletters.DeadLettersConfiguration;
import dev.saccade.ledger.events.EventsConfiguration;
import dev.saccade.ledger.files.FilesConfiguration;
import dev.saccade.ledger.idempotency.IdempotencyConfiguration;
import dev.saccade.ledger.jobs.JobsConfiguration;
import dev.saccade.ledger.messages.BrokerKind;
import dev.saccade.ledger.messages.JobQueues;
import dev.saccade.ledger.outbox.OutboxConfiguration;
import dev.saccade.ledger.partitions.PartitionsConfiguration;
import dev.saccade.ledger.prompts.PromptsConfiguration;
import dev.saccade.ledger.tenants.TenantsConfiguration;
import dev.saccade.ledger.uploads.UploadsConfiguration;
import dev.saccade.ledger.usage.UsageConfiguration;
import dev.saccade.ledger.videos.VideosConfiguration;
import dev.saccade.ledger.webhooks.WebhooksConfiguration;
import jakarta.persistence.EntityManager;
import org.springframework.amqp.core.Declarables;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.repository.config.BootstrapMode;

/**
 * The ledger's beans: the one thing that a service imports. It needs Boot's auto-configuration of a DataSource and of JPA
 * with {@code spring.jpa.hibernate.ddl-auto=none} and {@code spring.jpa.open-in-view=false}. Repositories are made when they
 * are first used, which keeps the start short.
 */
@Configuration(proxyBeanMethods = false)
@EntityScan(basePackageClasses = LedgerConfiguration.class)
@EnableJpaRepositories(basePackageClasses = LedgerConfiguration.class, bootstrapMode = BootstrapMode.LAZY)
@EnableConfigurationProperties({LedgerSettings.class, DatabaseSettings.class})
@Import({
    AuditConfiguration.class,
    OutboxConfiguration.class,
    PartitionsConfiguration.class,
    TenantsConfiguration.class,
    UsageConfiguration.class,
    VideosConfiguration.class,
    UploadsConfiguration.class,
    JobsConfiguration.class,
    BatchesConfiguration.class,
    FilesConfiguration.class,
    WebhooksConfiguration.class,
    PromptsConfiguration.class,
    CritiquesConfiguration.class,
    EventsConfiguration.class,
    DeadLettersConfiguration.class,
    IdempotencyConfiguration.class
})
public class LedgerConfiguration {

    /** Static: it has to be there before the beans that it looks at. */
    @Bean
    static BoundedSessions boundedSessions(ObjectProvider<DatabaseSettings> settings) {
        return new BoundedSessions(settings);
    }

    @Bean
    DatabaseClock databaseClock(EntityManager entities) {
        return new DatabaseClock(entities);
    }

    /** Declared by Spring AMQP when the first connection opens. */
    @Bean
    Declarables jobQueues(@Value("${saccade.broker.kind:rabbitmq}") BrokerKind kind) {
        return JobQueues.declarables(kind);
    }
}
