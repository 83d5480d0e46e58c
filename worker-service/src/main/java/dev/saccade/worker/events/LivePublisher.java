package dev.saccade.worker.events;

import dev.saccade.ledger.events.LiveExchange;
import dev.saccade.ledger.events.LiveMessage;
import dev.saccade.ledger.events.LiveMessage.Piece;
import dev.saccade.ledger.jobs.JobProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.core.RabbitOperations;

/**
 * Publishes how running attempts go on, at an interval, on one thread of its own. Jobs only say that they run: nothing
 * waits for the broker, and nothing is kept for it beyond what the jobs hold anyway. A message that is lost is made up for
 * by the next heartbeat's progress in the ledger.
 */
public final class LivePublisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LivePublisher.class);

    /** Characters of one answer in one message; the rest follows with the next. */
    private static final int LONGEST_PIECE = 16_384;

    /** Ends that wait for a broker that is away; more are forgotten, and found in the ledger. */
    private static final int MOST_ENDED = 1_000;

    private final RabbitOperations broker;
    private final Set<Watched> running = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<Watched> ended = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("live-events").factory());
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private boolean failing; // this thread's only

    /**
     * @param broker on a connection that carries no acknowledgements: a broker that holds publishers up must not hold them
     * @param interval between two messages about a job
     */
    public LivePublisher(RabbitOperations broker, Duration interval) {
        this.broker = broker;
        var _ = thread.scheduleWithFixedDelay(
                this::publishChanges, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** An attempt whose progress is published until it is closed, which says that its outcome is in the ledger. */
    public interface Live extends AutoCloseable {

        @Override
        void close();
    }

    public Live begin(UUID jobId, int attempt, LiveSource source) {
        var watched = new Watched(jobId, attempt, source);
        running.add(watched);
        return () -> end(watched);
    }

    /** Messages that the broker client took. */
    public long published() {
        return published.get();
    }

    /** Messages that it didn't. */
    public long failed() {
        return failed.get();
    }

    private void end(Watched watched) {
        if (running.remove(watched) && ended.size() < MOST_ENDED) {
            ended.add(watched);
            try {
                thread.execute(this::publishEnded);
            } catch (RejectedExecutionException stopped) {
                LOG.debug("Nobody is told of an end any more", stopped);
            }
        }
    }

    private void publishChanges() {
        publishEnded();
        for (var watched : running) {
            if (watched.changed() && !publish(watched, false)) {
                return;
            }
        }
    }

    private void publishEnded() {
        for (var watched = ended.poll(); watched != null; watched = ended.poll()) {
            if (!publish(watched, true)) {
                ended.add(watched); // again with the next round
                return;
            }
        }
    }

    private boolean publish(Watched watched, boolean end) {
        try {
            broker.send(LiveExchange.NAME, LiveExchange.routingKey(watched.jobId), watched.next(end));
            watched.sent();
            published.incrementAndGet();
            failing = false;
            return true;
        } catch (AmqpException e) {
            failed.incrementAndGet();
            if (!failing) {
                LOG.warn("Live events can't be published at the moment, jobs go on: {}", e.toString());
            }
            failing = true;
            return false;
        } catch (RuntimeException e) {
            failed.incrementAndGet();
            LOG.error("Live events of job {} can't be published", watched.jobId, e);
            return true;
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(2, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Only the publisher's thread changes it. */
    private static final class Watched {

        private final UUID jobId;
        private final int attempt;
        private final LiveSource source;
        private long sentVersion = -1;
        private long nextVersion;
        private List<Integer> sentLengths = List.of();
        private List<Integer> nextLengths = List.of();

        Watched(UUID jobId, int attempt, LiveSource source) {
            this.jobId = jobId;
            this.attempt = attempt;
            this.source = source;
        }

        boolean changed() {
            return source.version() != sentVersion;
        }

        Message next(boolean end) {
            nextVersion = source.version();
            var progress = source.snapshot();
            var message = new LiveMessage(
                    jobId,
                    attempt,
                    progress.phase(),
                    progress.done(),
                    progress.total(),
                    progress.completionTokens(),
                    pieces(progress),
                    end);
            return MessageBuilder.withBody(message.toBytes())
                    .setContentType(MessageProperties.CONTENT_TYPE_JSON)
                    .setDeliveryMode(MessageDeliveryMode.NON_PERSISTENT)
                    .build();
        }

        private List<Piece> pieces(JobProgress progress) {
            var texts = progress.texts();
            var pieces = new ArrayList<Piece>();
            var lengths = new ArrayList<Integer>();
            for (int index = 0; index < texts.size(); index++) {
                var text = texts.get(index);
                int from = index < sentLengths.size() ? sentLengths.get(index) : 0;
                int to = end(text, from);
                if (to > from) {
                    pieces.add(new Piece(index, from, text.substring(from, to)));
                }
                lengths.add(to);
                if (to < text.length()) {
                    nextVersion = -1; // there is more to send
                }
            }
            nextLengths = lengths;
            return pieces;
        }

        private static int end(String text, int from) {
            int to = Math.min(text.length(), from + LONGEST_PIECE);
            return to < text.length() && Character.isLowSurrogate(text.charAt(to)) ? to - 1 : to;
        }

        void sent() {
            sentVersion = nextVersion;
            sentLengths = nextLengths;
        }
    }
}
