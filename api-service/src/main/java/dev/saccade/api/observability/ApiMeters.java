package dev.saccade.api.observability;

import dev.saccade.api.outbox.OutboxRelay;
import dev.saccade.api.sweeping.Sweeper;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.Urgency;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;

/** Meters of relay, sweeper and queue. HTTP, database and broker client have Spring Boot's. */
final class ApiMeters implements MeterBinder {

    private final JobLedger jobs;
    private final OutboxRelay relay;
    private final Sweeper sweeper;

    ApiMeters(JobLedger jobs, OutboxRelay relay, Sweeper sweeper) {
        this.jobs = jobs;
        this.relay = relay;
        this.sweeper = sweeper;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Urgency urgency : Urgency.values()) {
            Gauge.builder("saccade.jobs.queued", () -> jobs.queued(urgency))
                    .description("Jobs that wait, counted no further than 1,000")
                    .tags("urgency", urgency.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        FunctionCounter.builder("saccade.outbox.published", relay, OutboxRelay::published)
                .description("Hints that the broker has confirmed")
                .register(registry);
        FunctionCounter.builder("saccade.outbox.failures", relay, OutboxRelay::failures)
                .description("Rounds of the relay that broker or database broke off")
                .register(registry);
        FunctionCounter.builder("saccade.sweeper.swept", sweeper, Sweeper::swept)
                .description("Jobs that were put right: lost leases, passed deadlines, lost hints")
                .register(registry);
    }
}
