package dev.saccade.worker.jobs;

import com.rabbitmq.client.Channel;
import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.ledger.messages.BrokerKind;
import dev.saccade.ledger.messages.JobHint;
import dev.saccade.ledger.messages.JobQueues;
import dev.saccade.ledger.tracing.CurrentTrace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.ChannelProxy;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;
import org.springframework.context.SmartLifecycle;

/**
 * Takes hints from the three queues and has as many followed at a time as there are slots, the most urgent first.
 *
 * <p>Stopping is a drain: no more messages are taken, running jobs get a time to finish, the rest is given back to the
 * ledger. It blocks, so that database and engine are closed only after it.
 */
public final class JobConsumer implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(JobConsumer.class);
    private static final Duration RECONNECT = Duration.ofSeconds(1);
    /** For writing to the ledger that a job was given back. */
    private static final Duration GIVE_BACK_TIMEOUT = Duration.ofSeconds(20);

    private final ConnectionFactory broker;
    private final BrokerKind kind;
    private final JobRunner runner;
    private final Runnable engineOpen;
    private final int slots;
    private final Duration drainTimeout;
    private final AtomicLong arrivals = new AtomicLong();
    private volatile @Nullable DirectMessageListenerContainer container;
    private volatile @Nullable ThreadPoolExecutor threads;

    /**
     * @param engineOpen returns when the engine can take requests; throws where it never will
     * @param slots jobs in flight, and messages that the broker hands out ahead of their acknowledgement for each queue
     */
    public JobConsumer(
            ConnectionFactory broker,
            BrokerKind kind,
            JobRunner runner,
            Runnable engineOpen,
            int slots,
            Duration drainTimeout) {
        this.broker = broker;
        this.kind = kind;
        this.runner = runner;
        this.engineOpen = engineOpen;
        this.slots = slots;
        this.drainTimeout = drainTimeout;
    }

    @Override
    public synchronized void start() {
        if (container != null) {
            return;
        }
        engineOpen.run();
        runner.startClaiming();
        var pool = new ThreadPoolExecutor(
                slots,
                slots,
                0,
                TimeUnit.SECONDS,
                new PriorityBlockingQueue<>(),
                Thread.ofPlatform().name("job-", 0).factory());
        threads = pool;
        var listening = listen(pool);
        listening.start();
        container = listening;
        LOG.info("Taking jobs, {} at a time", slots);
    }

    private DirectMessageListenerContainer listen(ThreadPoolExecutor pool) {
        var listening = new DirectMessageListenerContainer(broker);
        listening.setQueueNames(
                Arrays.stream(Urgency.values()).map(JobQueues::queue).toArray(String[]::new));
        listening.setAcknowledgeMode(AcknowledgeMode.MANUAL);
        listening.setPrefetchCount(slots);
        listening.setRecoveryInterval(RECONNECT.toMillis());
        listening.setFailedDeclarationRetryInterval(RECONNECT.toMillis());
        listening.setMonitorInterval(RECONNECT.toMillis());
        listening.setBeanName("workerListener");
        listening.setMessageListener((ChannelAwareMessageListener) (message, channel) -> take(pool, message, channel));
        listening.afterPropertiesSet();
        return listening;
    }

    /** On the broker client's thread: must not wait. */
    private void take(ThreadPoolExecutor pool, Message message, @Nullable Channel channel) {
        var settlement = new Settlement(
                delivering(Objects.requireNonNull(channel, "channel")),
                message.getMessageProperties().getDeliveryTag(),
                kind);
        var hint = JobHint.parse(new String(message.getBody(), StandardCharsets.UTF_8));
        if (hint.isEmpty()) {
            LOG.error("A message of {} bytes is not a job's hint and is discarded", message.getBody().length);
            settlement.discard();
            return;
        }
        var urgency = urgency(message.getMessageProperties().getConsumerQueue());
        try {
            pool.execute(new Delivery(
                    hint.get(), traceparent(message), urgency, arrivals.getAndIncrement(), runner, settlement));
        } catch (RejectedExecutionException e) {
            LOG.debug("A message that came while the worker stops goes back to its queue", e);
        }
    }

    /** Not Spring's proxy of it, which would open another channel after a lost connection, where no such message is known. */
    private static Channel delivering(Channel channel) {
        return channel instanceof ChannelProxy proxy ? proxy.getTargetChannel() : channel;
    }

    private static @Nullable String traceparent(Message message) {
        return message.getMessageProperties().getHeader(CurrentTrace.HEADER) instanceof String text ? text : null;
    }

    private static Urgency urgency(@Nullable String queue) {
        return Arrays.stream(Urgency.values())
                .filter(urgency -> JobQueues.queue(urgency).equals(queue))
                .findFirst()
                .orElse(Urgency.STANDARD);
    }

    @Override
    public synchronized void stop() {
        var listening = container;
        var pool = threads;
        if (listening == null || pool == null) {
            return;
        }
        container = null;
        LOG.info("Draining: {} jobs in flight get up to {} s", runner.running(), drainTimeout.toSeconds());
        runner.stopClaiming();
        // closes the channels: what waits here goes back to its queue; what runs is delivered again too, and dropped
        // there
        // because its lease lives
        listening.stop();
        pool.getQueue().clear();
        pool.shutdown();
        try {
            if (!pool.awaitTermination(drainTimeout.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.info("Giving back {} jobs", runner.running());
                runner.giveBack();
                if (!pool.awaitTermination(GIVE_BACK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("{} jobs could not be given back; their leases will run out", runner.running());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pool.shutdownNow();
        LOG.info("Drained");
    }

    /** Messages that the broker has handed out and that wait for a slot. */
    public int waiting() {
        var pool = threads;
        return pool == null ? 0 : pool.getQueue().size();
    }

    @Override
    public boolean isRunning() {
        return container != null; // without the lock: health asks during a drain
    }
}
