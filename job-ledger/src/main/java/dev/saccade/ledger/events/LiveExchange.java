package dev.saccade.ledger.events;

import java.util.UUID;
import org.springframework.amqp.core.TopicExchange;

/** The topic exchange that carries {@link LiveMessage}s, each under its job's key. What nobody is bound to is dropped. */
public final class LiveExchange {

    public static final String NAME = "saccade.events";

    private LiveExchange() {}

    public static TopicExchange exchange() {
        return new TopicExchange(NAME, true, false);
    }

    public static String routingKey(UUID jobId) {
        return "job." + jobId;
    }
}
