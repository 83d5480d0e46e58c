package dev.saccade.worker.jobs;

import dev.saccade.ledger.messages.BrokerKind;
import dev.saccade.ledger.messages.JobHint;
import dev.saccade.worker.embedded.TestStore;
import dev.saccade.worker.engine.EngineFailure;
import dev.saccade.worker.engine.InferenceEngine;
import dev.saccade.worker.events.LivePublisher;
import dev.saccade.worker.media.MediaCache;
import dev.saccade.worker.media.MediaStore;
import dev.saccade.worker.media.S3MediaStore;
import dev.saccade.worker.observability.AttemptObservations;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.UUID;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** A worker as the product puts it together, on the shared database, broker and store, with an engine of the test's. */
final class TestWorker implements AutoCloseable {

    private final CachingConnectionFactory broker;
    private final MediaCache cache;
    private final Heartbeats heartbeats;
    private final LivePublisher live;
    private final JobRunner runner;
    private final JobConsumer consumer;
    private volatile boolean failed;

    /** How it differs from a usual one. */
    record Options(
            int slots,
            Duration lease,
            Duration heartbeat,
            Duration fetchPatience,
            Duration drainTimeout,
            MediaStore store) {

        static final Options USUAL = new Options(
                4,
                Duration.ofSeconds(30),
                Duration.ofMillis(100),
                Duration.ofMillis(300),
                Duration.ofMillis(200),
                new S3MediaStore(
                        LedgerWorld.shared().store().endpoint(),
                        TestStore.KEY,
                        TestStore.SECRET,
                        TestStore.BUCKET,
                        S3MediaStore.USUAL_REGION));

        Options withSlots(int slots) {
            return new Options(slots, lease, heartbeat, fetchPatience, drainTimeout, store);
        }

        Options withLease(Duration lease, Duration heartbeat) {
            return new Options(slots, lease, heartbeat, fetchPatience, drainTimeout, store);
        }

        Options withFetchPatience(Duration fetchPatience) {
            return new Options(slots, lease, heartbeat, fetchPatience, drainTimeout, store);
        }

        Options withDrainTimeout(Duration drainTimeout) {
            return new Options(slots, lease, heartbeat, fetchPatience, drainTimeout, store);
        }

        Options withStore(MediaStore store) {
            return new Options(slots, lease, heartbeat, fetchPatience, drainTimeout, store);
        }
    }

    static TestWorker start(InferenceEngine engine) {
        return start(engine, Options.USUAL);
    }

    static TestWorker start(InferenceEngine engine, Options options) {
        var worker = new TestWorker(engine, options);
        worker.consumer.start();
        return worker;
    }

    /** One that takes no messages: hints are followed when the test says so. */
    static TestWorker unconnected(InferenceEngine engine, Options options) {
        return new TestWorker(engine, options);
    }

    private TestWorker(InferenceEngine engine, Options options) {
        var ledger = LedgerWorld.shared().ledger();
        try {
            cache = new MediaCache(Files.createTempDirectory("saccade-worker-cache"), 1 << 20, options.store(), 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = LedgerWorld.shared().connect();
        live = new LivePublisher(new RabbitTemplate(broker), Duration.ofMillis(50));
        heartbeats = new Heartbeats(ledger, options.lease(), options.heartbeat(), 2);
        runner = new JobRunner(
                ledger,
                new AttemptRunner(
                        () -> engine,
                        cache,
                        options.fetchPatience(),
                        new EngineFailure(this::stopTaking, () -> failed = true)),
                heartbeats,
                live,
                new AttemptObservations(ObservationRegistry.NOOP),
                "test-" + UUID.randomUUID(),
                options.lease());
        consumer =
                new JobConsumer(broker, BrokerKind.EMBEDDED, runner, () -> {}, options.slots(), options.drainTimeout());
    }

    private void stopTaking() {
        consumer.stop();
    }

    /** Whether it has said that it is broken. */
    boolean failed() {
        return failed;
    }

    JobConsumer consumer() {
        return consumer;
    }

    boolean follow(JobHint hint) throws InterruptedException {
        return runner.follow(hint, null);
    }

    int running() {
        return runner.running();
    }

    /** What a broken network does. */
    void loseBroker() {
        broker.resetConnection();
    }

    /** Drains. */
    @Override
    public void close() {
        consumer.stop();
        heartbeats.close();
        live.close();
        cache.close();
        broker.destroy();
    }
}
