package dev.saccade.api.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ReadinessTest {

    private final RunningApi api = RunningApi.get();
    private final Client probe = api.client("");

    @Test
    void serviceIsNotReadyWithoutItsStoreButAlive() {
        api.store().stop();
        try {
            assertThat(readiness()).isEqualTo(503);
            assertThat(probe.get("/actuator/health/liveness").status()).isEqualTo(200);
        } finally {
            api.store().start();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> readiness() == 200);
    }

    @Test
    void serviceIsNotReadyWithoutItsBroker() {
        api.broker().stop();
        try {
            assertThat(readiness()).isEqualTo(503);
        } finally {
            api.broker().start();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> readiness() == 200);
    }

    @Test
    void probesTellNoDetails() {
        assertThat(probe.get("/actuator/health/readiness").json().propertyNames())
                .containsExactly("status");
    }

    private int readiness() {
        return probe.get("/actuator/health/readiness").status();
    }
}
