package dev.saccade.api.events;

import dev.saccade.ledger.events.JobEvents;
import dev.saccade.ledger.jobs.JobLedger;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The streams of events and what they read from. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EventsProperties.class)
@Import(EventsController.class)
public class EventsConfiguration {

    /** A virtual thread for each piece of work: an idle stream holds none. */
    private final Executor threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("job-events-", 0).factory());

    @Bean
    JobFeeds apiJobFeeds(JobLedger ledger, JobEvents events, ConnectionFactory broker, EventsProperties settings) {
        return new JobFeeds(ledger, events, broker, threads, settings.poll().multipliedBy(2));
    }

    @Bean
    EventStreams apiEventStreams(JobFeeds feeds, JobEvents events, EventsProperties settings) {
        return new EventStreams(feeds, events, threads, settings);
    }
}
