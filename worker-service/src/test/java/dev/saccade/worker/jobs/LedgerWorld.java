package dev.saccade.worker.jobs;

import dev.saccade.ledger.LedgerConfiguration;
import dev.saccade.ledger.ObjectKeys;
import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobFilter;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.jobs.NewJob;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.ledger.jobs.Vision;
import dev.saccade.ledger.messages.JobHint;
import dev.saccade.ledger.messages.JobQueues;
import dev.saccade.ledger.outbox.Outbox;
import dev.saccade.ledger.outbox.OutboxRow;
import dev.saccade.ledger.tenants.Tenants;
import dev.saccade.ledger.videos.VideoFacts;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.worker.embedded.EmbeddedParts;
import dev.saccade.worker.embedded.TestStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Everything around a worker: the ledger, an outbox relay, and what clients do. Lives until the JVM ends. */
public final class LedgerWorld {

    private static @Nullable LedgerWorld shared;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ConfigurableApplicationContext context;
    private final UUID tenant;

    /** The ledger on the real database, and nothing of the worker. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(LedgerConfiguration.class)
    static class LedgerOnly {

        @Bean
        static BeanPostProcessor interruption() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof DataSource database ? new InterruptibleDatabase(database) : bean;
                }
            };
        }
    }

    private LedgerWorld() {
        context = new SpringApplicationBuilder(LedgerOnly.class)
                .web(WebApplicationType.NONE)
                .properties("spring.main.banner-mode=off", "spring.jpa.hibernate.ddl-auto=none")
                .run(EmbeddedParts.shared().arguments().toArray(String[]::new));
        tenant = context.getBean(Tenants.class).ensure("worker-tests");
        var relay = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("test-relay").factory());
        var _ = relay.scheduleWithFixedDelay(this::relay, 0, 50, TimeUnit.MILLISECONDS);
    }

    public static synchronized LedgerWorld shared() {
        if (shared == null) {
            shared = new LedgerWorld();
        }
        return shared;
    }

    JobLedger ledger() {
        return context.getBean(JobLedger.class);
    }

    InterruptibleDatabase database() {
        return context.getBean(InterruptibleDatabase.class);
    }

    TestStore store() {
        return EmbeddedParts.shared().store();
    }

    UUID tenant() {
        return tenant;
    }

    /** A connection factory of its own, for one worker. */
    CachingConnectionFactory connect() {
        var template =
                (CachingConnectionFactory) context.getBean(RabbitTemplate.class).getConnectionFactory();
        var own = new CachingConnectionFactory(template.getRabbitConnectionFactory());
        own.setChannelCacheSize(8);
        return own;
    }

    /** An uploaded clip with this content. */
    public UUID upload(byte[] content) {
        return upload(content, sha256(content));
    }

    /** An upload whose ledger row states this digest. */
    UUID upload(byte[] content, String sha256) {
        var videos = context.getBean(VideoLedger.class);
        var id = videos.begin(tenant, "test", "clip.mp4").id();
        store().put(ObjectKeys.video(tenant, id), content);
        videos.ready(
                tenant,
                id,
                new VideoFacts("VIDEO", sha256, content.length, "video/mp4", "mp4", "h264", 64, 64, 1.0, 4.0, 4));
        return id;
    }

    /** What a question about a video looks like; the question is made unique, so that tests find their own job. */
    JobRequest question(@Nullable UUID video) {
        var text = new ContentPart.Text("What happens? " + UUID.randomUUID());
        List<ContentPart> content = video == null ? List.of(text) : List.of(new ContentPart.Video(video), text);
        return new JobRequest(List.of(new RequestMessage("user", content)), Sampling.DEFAULT, Vision.DEFAULT, false);
    }

    public JobView submit(JobRequest request) {
        return submit(request, Urgency.STANDARD, null);
    }

    JobView submit(JobRequest request, Urgency urgency, @Nullable Instant finishBy) {
        return ledger().submit(new NewJob(tenant, "test", urgency, request, null, finishBy, List.of()));
    }

    public JobView job(UUID id) {
        return ledger().find(tenant, id).orElseThrow();
    }

    JobView awaitState(UUID id, JobState state) {
        return Awaitility.await("job " + id + " to be " + state)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> job(id), job -> job.state() == state);
    }

    /** The result of a job that is about to succeed. */
    public JobOutcome awaitResult(UUID id) {
        return Objects.requireNonNull(awaitState(id, JobState.SUCCEEDED).result());
    }

    /** The error of a job that is about to fail. */
    JobError awaitError(UUID id) {
        return Objects.requireNonNull(awaitState(id, JobState.FAILED).error());
    }

    /** Ends what a failed test left, so that no later one meets it. */
    void cancelUnfinished() {
        for (var job : ledger().list(tenant, JobFilter.ALL, null, 100)) {
            ledger().cancel(tenant, job.id(), "test");
        }
    }

    /** Sends a message of any content to the standard queue. */
    void send(String body) {
        template()
                .convertAndSend(
                        JobQueues.EXCHANGE, Urgency.STANDARD.routingKey(), body.getBytes(StandardCharsets.UTF_8));
    }

    void send(JobHint hint) {
        send(hint.toJson());
    }

    /** Whether nothing waits in the queue, which nobody must be consuming. */
    boolean standardQueueIsEmpty() {
        return template().receive(JobQueues.queue(Urgency.STANDARD)) == null;
    }

    /** Messages that wait in the queue. */
    long standardQueueLength() {
        return Objects.requireNonNull(
                template().execute(channel -> channel.messageCount(JobQueues.queue(Urgency.STANDARD))));
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private RabbitTemplate template() {
        return context.getBean(RabbitTemplate.class);
    }

    private void relay() {
        try {
            context.getBean(Outbox.class).relay(100, rows -> {
                rows.forEach(this::publish);
                return rows.stream().map(OutboxRow::id).toList();
            });
        } catch (RuntimeException e) {
            // the database is cut off by a test; the next round comes
        }
    }

    private void publish(OutboxRow row) {
        template()
                .convertAndSend(
                        JobQueues.EXCHANGE, row.routingKey(), row.payload().getBytes(StandardCharsets.UTF_8));
    }
}
