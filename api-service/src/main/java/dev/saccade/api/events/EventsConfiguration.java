package dev.saccade.api.events;

import dev.saccade.ledger.events.JobEvents;
import dev.saccade.ledger.jobs.JobLedger;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
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
    MeterBinder apiEventMeters(EventStreams streams, JobFeeds feeds) {
        return registry -> {
            Gauge.builder("saccade.events.streams", streams::size)
                    .description("Streams of events that are open here")
                    .register(registry);
            Gauge.builder("saccade.events.feeds", feeds::size)
                    .description("Jobs that they are about")
                    .register(registry);
            FunctionCounter.builder("saccade.events.opened", streams, EventStreams::opened)
                    .description("Streams that were opened")
                    .register(registry);
        };
    }

    @Bean
    EventStreams apiEventStreams(JobFeeds feeds, JobEvents events, EventsProperties settings) {
        return new EventStreams(feeds, events, threads, settings);
    }
}
