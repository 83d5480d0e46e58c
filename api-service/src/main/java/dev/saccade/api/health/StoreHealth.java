package dev.saccade.api.health;

import dev.saccade.api.store.ObjectStore;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Up where the object store's bucket can be used; answers within seconds where it can't. */
public final class StoreHealth implements HealthIndicator {

    private final ObjectStore store;

    public StoreHealth(ObjectStore store) {
        this.store = store;
    }

    @Override
    public Health health() {
        return store.reachable() ? Health.up().build() : Health.down().build();
    }
}
