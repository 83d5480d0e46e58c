package dev.saccade.worker.jobs;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import dev.saccade.ledger.messages.BrokerKind;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one answer that a message gets. Where the broker has gone meanwhile there is nobody to tell: the message comes again
 * and finds a job that is finished, held or at another attempt.
 */
record Settlement(Channel channel, long tag, BrokerKind broker) {

    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    /** Everything that the message was for is committed. */
    void acknowledge() {
        tell(() -> channel.basicAck(tag, false));
    }

    /** Never round again. */
    void discard() {
        switch (broker) {
            case RABBITMQ -> tell(() -> channel.basicReject(tag, false)); // to the dead letters
            // Qpid delivers a rejected message again, for ever, to queues without dead letters
            case EMBEDDED -> acknowledge();
        }
    }

    private void tell(Answer answer) {
        try {
            answer.send();
        } catch (IOException | AlreadyClosedException | IllegalStateException e) {
            LOG.debug("The broker has gone before message {} was answered", tag, e);
        }
    }

    @FunctionalInterface
    private interface Answer {
        void send() throws IOException;
    }
}
