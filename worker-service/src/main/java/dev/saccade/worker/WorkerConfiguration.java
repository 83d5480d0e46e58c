package dev.saccade.worker;

import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.messages.BrokerKind;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.worker.engine.EngineFailure;
import dev.saccade.worker.engine.EngineHost;
import dev.saccade.worker.engine.EngineRunner;
import dev.saccade.worker.engine.InferenceEngine;
import dev.saccade.worker.events.LivePublisher;
import dev.saccade.worker.jobs.AttemptRunner;
import dev.saccade.worker.jobs.Heartbeats;
import dev.saccade.worker.jobs.JobConsumer;
import dev.saccade.worker.jobs.JobRunner;
import dev.saccade.worker.media.MediaCache;
import dev.saccade.worker.media.MediaStore;
import dev.saccade.worker.media.S3MediaStore;
import dev.saccade.worker.metrics.EngineMeters;
import dev.saccade.worker.metrics.MeasuredEngine;
import dev.saccade.worker.metrics.RequestMeters;
import dev.saccade.worker.observability.AttemptObservations;
import dev.saccade.worker.observability.WorkerMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The worker's beans; needs {@link dev.saccade.ledger.LedgerConfiguration} and Spring Boot's AMQP beside it. Every name
 * begins with {@code worker}, because the quickstart has the API's beans in the same context.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({WorkerProperties.class, WorkerStoreProperties.class, WorkerMediaProperties.class})
public class WorkerConfiguration {

    /** Heartbeats of more jobs than this take turns at the database. */
    private static final int HEARTBEAT_THREADS = 4;

    private static final int PARALLEL_DOWNLOADS = 4;

    /**
     * First, and at once: it opens while the other beans are made.
     *
     * @param given runs in place of the model, where the application has such a bean
     */
    @Bean
    EngineHost workerEngine(
            WorkerProperties worker,
            WorkerMediaProperties media,
            ObjectProvider<InferenceEngine> given,
            ObjectProvider<MeterRegistry> registry,
            ObjectProvider<ObservationRegistry> observations) {
        var options = EngineOptions.DEFAULT.toBuilder()
                .precision(worker.precision())
                .device(worker.device())
                .maxSequences(worker.slots())
                .kvCacheTokens(worker.kvCacheTokens())
                .mediaLimits(media.limits())
                .mediaThreads(worker.mediaThreads())
                .computeThreads(worker.computeThreads())
                .build();
        var meters = new RequestMeters(
                registry.getIfAvailable(SimpleMeterRegistry::new),
                observations.getIfAvailable(() -> ObservationRegistry.NOOP));
        var other = given.getIfAvailable();
        return new EngineHost(
                () -> new MeasuredEngine(other == null ? EngineRunner.open(worker.model(), options) : other, meters));
    }

    @Bean
    EngineMeters workerEngineMeters(EngineHost workerEngine) {
        return new EngineMeters(workerEngine::ifOpen);
    }

    @Bean
    S3MediaStore workerMediaStore(WorkerStoreProperties store) {
        return new S3MediaStore(store.endpoint(), store.accessKey(), store.secretKey(), store.bucket(), store.region());
    }

    @Bean
    WorkerStoreHealth workerStoreHealthIndicator(S3MediaStore workerMediaStore) {
        return new WorkerStoreHealth(workerMediaStore);
    }

    @Bean
    MediaCache workerMediaCache(WorkerProperties worker, MediaStore workerMediaStore) {
        var folder = worker.cacheDir() == null
                ? Path.of(System.getProperty("java.io.tmpdir"), "saccade-media-cache")
                : worker.cacheDir();
        return new MediaCache(folder, worker.cacheBytes().toBytes(), workerMediaStore, PARALLEL_DOWNLOADS);
    }

    @Bean
    Heartbeats workerHeartbeats(WorkerProperties worker, JobLedger ledger) {
        return new Heartbeats(
                ledger, worker.lease(), worker.heartbeatInterval(), Math.min(worker.slots(), HEARTBEAT_THREADS));
    }

    /** On a connection of its own: a broker that blocks publishers doesn't block acknowledgements. */
    @Bean
    LivePublisher workerLivePublisher(WorkerProperties worker, ConnectionFactory broker) {
        var template = new RabbitTemplate(broker);
        template.setUsePublisherConnection(true);
        return new LivePublisher(template, worker.liveInterval());
    }

    /** The consumer is asked for late: it is made of what is made of this. */
    @Bean
    EngineFailure workerEngineFailure(ObjectProvider<JobConsumer> consumer, ApplicationContext context) {
        return new EngineFailure(
                () -> consumer.getObject().stop(),
                () -> AvailabilityChangeEvent.publish(context, LivenessState.BROKEN));
    }

    @Bean
    JobRunner workerJobRunner(
            WorkerProperties worker,
            JobLedger ledger,
            EngineHost workerEngine,
            MediaCache workerMediaCache,
            Heartbeats workerHeartbeats,
            LivePublisher workerLivePublisher,
            EngineFailure workerEngineFailure,
            ObjectProvider<ObservationRegistry> observations) {
        var attempts =
                new AttemptRunner(workerEngine::await, workerMediaCache, worker.fetchPatience(), workerEngineFailure);
        return new JobRunner(
                ledger,
                attempts,
                workerHeartbeats,
                workerLivePublisher,
                new AttemptObservations(observations.getIfAvailable(() -> ObservationRegistry.NOOP)),
                id(worker),
                worker.lease());
    }

    @Bean
    JobConsumer workerJobConsumer(
            WorkerProperties worker,
            ConnectionFactory broker,
            @Value("${saccade.broker.kind:rabbitmq}") BrokerKind kind,
            JobRunner workerJobRunner,
            EngineHost workerEngine) {
        return new JobConsumer(
                broker, kind, workerJobRunner, workerEngine::await, worker.slots(), worker.drainTimeout());
    }

    @Bean
    WorkerMeters workerMeters(
            JobRunner workerJobRunner, JobConsumer workerJobConsumer, LivePublisher workerLivePublisher) {
        return new WorkerMeters(workerJobRunner, workerJobConsumer, workerLivePublisher);
    }

    @Bean
    WorkerHealth workerHealthIndicator(EngineHost workerEngine, JobConsumer workerJobConsumer) {
        return new WorkerHealth(workerEngine, workerJobConsumer);
    }

    private static String id(WorkerProperties worker) {
        if (worker.id() != null) {
            return worker.id();
        }
        var host = System.getenv().getOrDefault("HOSTNAME", "worker");
        return host + "-" + ProcessHandle.current().pid() + "-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }
}
