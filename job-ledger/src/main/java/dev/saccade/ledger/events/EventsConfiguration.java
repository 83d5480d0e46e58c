package dev.saccade.ledger.events;

import javax.sql.DataSource;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans for events. */
@Configuration(proxyBeanMethods = false)
public class EventsConfiguration {

    @Bean
    JobEvents jobEvents(DataSource database) {
        return new JobEvents(database);
    }

    /** Declared by Spring AMQP when the first connection opens. */
    @Bean
    TopicExchange liveExchange() {
        return LiveExchange.exchange();
    }
}
