package dev.saccade.worker.observability;

import dev.saccade.worker.events.LivePublisher;
import dev.saccade.worker.jobs.JobConsumer;
import dev.saccade.worker.jobs.JobRunner;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Meters of what the worker has in hand. */
public final class WorkerMeters implements MeterBinder {

    private final JobRunner runner;
    private final JobConsumer consumer;
    private final LivePublisher live;

    public WorkerMeters(JobRunner runner, JobConsumer consumer, LivePublisher live) {
        this.runner = runner;
        this.consumer = consumer;
        this.live = live;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("saccade.worker.jobs.running", runner::running)
                .description("Jobs whose lease this worker holds")
                .register(registry);
        Gauge.builder("saccade.worker.jobs.waiting", consumer::waiting)
                .description("Messages that wait here for a slot")
                .register(registry);
        FunctionCounter.builder("saccade.worker.live.published", live, LivePublisher::published)
                .description("Messages about running jobs")
                .register(registry);
        FunctionCounter.builder("saccade.worker.live.failed", live, LivePublisher::failed)
                .description("Those that the broker didn't take; no job is the worse for it")
                .register(registry);
    }
}
