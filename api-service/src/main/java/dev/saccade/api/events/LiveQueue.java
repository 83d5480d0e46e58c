package dev.saccade.api.events;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import dev.saccade.ledger.events.LiveExchange;
import dev.saccade.ledger.events.LiveMessage;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.connection.ChannelProxy;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * This instance's queue for live messages: exclusive and gone with the connection, bound to just the jobs that somebody
 * listens to. While the broker is away nothing comes; {@link #ensureOpen} begins anew with the same bindings.
 */
final class LiveQueue {

    private static final Logger LOG = LoggerFactory.getLogger(LiveQueue.class);

    private final ConnectionFactory connections;
    private final Consumer<LiveMessage> heard;
    private final Set<UUID> bound = ConcurrentHashMap.newKeySet();

    // guarded by this
    private @Nullable Channel channel;
    private String queue = "";
    private boolean failing;

    /** @param heard called on the broker client's thread: it must not wait */
    LiveQueue(ConnectionFactory connections, Consumer<LiveMessage> heard) {
        this.connections = connections;
        this.heard = heard;
    }

    /** Messages about this job come from now on, if the broker is there. */
    void bind(UUID jobId) {
        bound.add(jobId);
        onChannel(open -> open.queueBind(queue, LiveExchange.NAME, LiveExchange.routingKey(jobId)));
    }

    void unbind(UUID jobId) {
        bound.remove(jobId);
        onChannel(open -> open.queueUnbind(queue, LiveExchange.NAME, LiveExchange.routingKey(jobId)));
    }

    /** Opens the queue where it isn't open. */
    synchronized void ensureOpen() {
        if (channel != null && channel.isOpen()) {
            return;
        }
        try {
            // the proxy around it would open another channel behind our back
            var proxy = (ChannelProxy) connections.createConnection().createChannel(false);
            Channel open = proxy.getTargetChannel();
            open.exchangeDeclare(LiveExchange.NAME, BuiltinExchangeType.TOPIC, true);
            queue = open.queueDeclare("", false, true, true, null).getQueue();
            for (UUID jobId : bound) {
                open.queueBind(queue, LiveExchange.NAME, LiveExchange.routingKey(jobId));
            }
            open.basicConsume(queue, true, new Listener(open));
            channel = open;
            failing = false;
        } catch (IOException | RuntimeException e) {
            channel = null;
            if (!failing) {
                LOG.warn(
                        "Live events can't be received at the moment, states come from the database: {}", e.toString());
            }
            failing = true;
        }
    }

    synchronized void close() {
        bound.clear();
        if (channel != null && channel.isOpen()) {
            try {
                channel.close();
            } catch (IOException | TimeoutException | RuntimeException e) {
                LOG.debug("The channel for live events was not closed", e);
            }
        }
        channel = null;
    }

    private interface Operation {
        void on(Channel open) throws IOException;
    }

    private synchronized void onChannel(Operation operation) {
        if (channel == null || !channel.isOpen()) {
            return; // all bindings are made when it opens
        }
        try {
            operation.on(channel);
        } catch (IOException | RuntimeException e) {
            LOG.debug("The channel for live events broke; it is opened again", e);
            channel = null;
        }
    }

    private final class Listener extends DefaultConsumer {

        Listener(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
            LiveMessage.parse(body).ifPresent(heard);
        }
    }
}
