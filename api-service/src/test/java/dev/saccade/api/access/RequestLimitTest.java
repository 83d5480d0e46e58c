package dev.saccade.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.tenants.Role;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RequestLimitTest {

    private final RunningApi api = RunningApi.get();
    private final UUID tenant = api.newTenantId();

    @Test
    void requestsBeyondTheLimitAreToldWhenToComeBackAndOthersAreNotHeldUp() {
        limit("{\"requests_per_minute\": 5}");
        Client one = api.newClient(tenant, Role.VIEWER.scopes());
        Client two = api.newClient(tenant, Role.VIEWER.scopes());

        Answer first = one.get("/v1/jobs");
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("RateLimit-Policy")).isEqualTo("\"requests\";q=5;w=60");
        assertThat(first.header("RateLimit")).matches("\"requests\";r=4;t=1[0-9]");
        assertThat(IntStream.range(0, 4).map(i -> two.get("/v1/jobs").status())).containsOnly(200);

        Answer refused = one.get("/v1/jobs");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.text("/code")).isEqualTo("too-many-requests");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 13);
        assertThat(refused.header("RateLimit")).startsWith("\"requests\";r=0;");
        assertThat(api.newTenant().get("/v1/jobs").status()).isEqualTo(200);
    }

    @Test
    void tenantWithoutALimitIsToldOfNone() {
        limit("{}");

        assertThat(api.newClient(tenant, Role.VIEWER.scopes())
                        .get("/v1/jobs")
                        .headers()
                        .map())
                .doesNotContainKey("ratelimit-policy");
    }

    private void limit(String limits) {
        Client platform = api.client(RunningApi.BOOTSTRAP_KEY);
        assertThat(platform.send(platform.request(
                                        "/v1/tenants/ten_" + tenant + "/limits", "Content-Type", "application/json")
                                .PUT(BodyPublishers.ofString(limits)))
                        .status())
                .isEqualTo(200);
    }
}
