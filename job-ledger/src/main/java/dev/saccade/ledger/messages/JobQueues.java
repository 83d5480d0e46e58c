package dev.saccade.ledger.messages;

import dev.saccade.ledger.jobs.Urgency;
import java.util.ArrayList;
import java.util.Map;
import org.springframework.amqp.core.Binding;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.FanoutExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;

/** The exchange and queues that carry hints: one queue for each urgency. */
public final class JobQueues {

    public static final String EXCHANGE = "saccade.jobs";
    public static final String DEAD = "saccade.jobs.dead";

    private static final int DELIVERY_LIMIT = 20;
    /** Above the longest job: a consumer that holds a message longer loses its channel. */
    private static final long CONSUMER_TIMEOUT_MILLIS = 6 * 60 * 60 * 1000L;

    private JobQueues() {}

    public static String queue(Urgency urgency) {
        return EXCHANGE + "." + urgency.routingKey();
    }

    /** What to declare on this kind of broker, by the property {@code saccade.broker.kind}. */
    public static Declarables declarables(BrokerKind kind) {
        var exchange = new DirectExchange(EXCHANGE, true, false);
        var declared = new ArrayList<Declarable>();
        declared.add(exchange);
        for (var urgency : Urgency.values()) {
            var queue = queue(urgency, kind);
            declared.add(queue);
            declared.add(BindingBuilder.bind(queue).to(exchange).with(urgency.routingKey()));
        }
        if (kind == BrokerKind.RABBITMQ) {
            declared.addAll(deadLetters());
        }
        return new Declarables(declared);
    }

    private static Queue queue(Urgency urgency, BrokerKind kind) {
        var queue = QueueBuilder.durable(queue(urgency));
        return switch (kind) {
            // Qpid refuses RabbitMQ's arguments with 542, and nothing depends on them
            case EMBEDDED -> queue.build();
            case RABBITMQ ->
                queue.quorum()
                        .deliveryLimit(DELIVERY_LIMIT)
                        .deadLetterExchange(DEAD)
                        .withArguments(Map.of("x-consumer-timeout", CONSUMER_TIMEOUT_MILLIS))
                        .build();
        };
    }

    private static ArrayList<Declarable> deadLetters() {
        var exchange = new FanoutExchange(DEAD, true, false);
        var queue = QueueBuilder.durable(DEAD).quorum().build();
        Binding binding = BindingBuilder.bind(queue).to(exchange);
        var declared = new ArrayList<Declarable>();
        declared.add(exchange);
        declared.add(queue);
        declared.add(binding);
        return declared;
    }
}
