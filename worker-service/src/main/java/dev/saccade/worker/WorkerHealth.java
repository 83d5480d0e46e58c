package dev.saccade.worker;

import dev.saccade.worker.engine.EngineHost;
import dev.saccade.worker.jobs.JobConsumer;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Ready when the engine is open and messages are taken; not during a drain. */
final class WorkerHealth implements HealthIndicator {

    private final EngineHost engine;
    private final JobConsumer consumer;

    WorkerHealth(EngineHost engine, JobConsumer consumer) {
        this.engine = engine;
        this.consumer = consumer;
    }

    @Override
    public Health health() {
        boolean open = engine.isOpen();
        boolean consuming = consumer.isRunning();
        return (open && consuming ? Health.up() : Health.outOfService())
                .withDetail("engine", open ? "open" : "opening")
                .withDetail("consumer", consuming ? "running" : "stopped")
                .build();
    }
}
