package dev.saccade.worker;

import dev.saccade.worker.media.S3MediaStore;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up where media can be fetched; a worker without it takes jobs and tries for a while, and says that it isn't ready. */
final class WorkerStoreHealth implements HealthIndicator {

    private final S3MediaStore store;

    WorkerStoreHealth(S3MediaStore store) {
        this.store = store;
    }

    @Override
    public Health health() {
        return store.reachable() ? Health.up().build() : Health.down().build();
    }
}
