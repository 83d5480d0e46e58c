package dev.saccade.api.deadletters;

import dev.saccade.api.ApiProperties;
import dev.saccade.api.sweeping.Recurring;
import dev.saccade.ledger.deadletters.DeadLetters;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The addresses of dead letters, and the thread that takes them from a broker that has such a queue. */
@Configuration(proxyBeanMethods = false)
@Import(DeadLetterController.class)
public class DeadLettersConfiguration {

    /** Any number of instances may collect at once: the broker hands each message to one. */
    @Bean
    @ConditionalOnProperty(name = "saccade.broker.kind", havingValue = "rabbitmq", matchIfMissing = true)
    Recurring apiDeadLetters(ConnectionFactory broker, DeadLetters letters, ApiProperties api) {
        DeadLetterCollector collector = new DeadLetterCollector(new RabbitTemplate(broker), letters);
        return new Recurring("dead-letters", api.sweepInterval(), collector::collect);
    }
}
