package dev.saccade.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RawConnection;
import dev.saccade.api.running.RunningApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessTest {

    private final RunningApi api = RunningApi.get();
    private final Client stranger = api.client("");

    @ParameterizedTest
    @ValueSource(
            strings = {"/v1/jobs", "/v1/videos/x", "/actuator", "/actuator/health", "/actuator/env", "/", "/error"})
    void everythingElseNeedsAKey(String path) {
        Answer answer = stranger.get(path);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.text("/code")).isEqualTo("missing-api-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health/liveness", "/actuator/health/readiness"})
    void probesNeedNoKey(String path) {
        assertThat(stranger.get(path).text("/status")).isEqualTo("UP");
    }

    @Test
    void unknownKeyIsRefused() {
        Answer answer = api.client("sk_" + "A".repeat(43)).get("/v1/jobs");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text("/code")).isEqualTo("invalid-api-key");
        assertThat(answer.header("WWW-Authenticate")).contains("invalid_token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"api_key=%s", "access_token=%s", "x=%s", "after=1&ToKeN=whatever", "x=sk%%5F%s", "%%61pi_key=1"})
    void keyInTheAddressIsRefusedWithAHintEvenBesideAGoodHeader(String query) {
        Client client = api.newTenant();
        String given = query.contains("sk%%5F") ? client.key().substring(3) : client.key();
        String path = "/v1/jobs?" + query.formatted(given);

        assertThat(stranger.get(path).text("/code")).isEqualTo("key-in-address");
        Answer refused = client.get(path);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text("/detail"))
                .contains("Authorization")
                .contains("rotate")
                .doesNotContain(given);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic ", "bearer", "Token ", "Bearer  x "})
    void otherSchemesAreNoKey(String scheme) {
        String key = api.newTenant().key();

        assertThat(stranger.get("/v1/jobs", "Authorization", scheme + key).status())
                .isEqualTo(401);
    }

    @Test
    void twoKeysAreNoKey() {
        Client client = api.newTenant();

        assertThat(client.get("/v1/jobs", "Authorization", "Bearer " + client.key())
                        .status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/health",
                "/actuator/env",
                "/actuator/metrics",
                "/%61ctuator/health",
                "/actuator;x=1/health",
                "/Actuator/health"
            })
    void actuatorIsClosedToATenantsAdministrator(String path) {
        assertThat(api.newTenant().get(path).status()).isEqualTo(403);
    }

    @Test
    void whoRunsThePlatformSeesTheActuator() {
        assertThat(api.client(RunningApi.BOOTSTRAP_KEY).get("/actuator/health").text("/status"))
                .isEqualTo("UP");
        assertThat(api.client(RunningApi.BOOTSTRAP_KEY).get("/actuator/env").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health/liveness/../../../v1/jobs",
                "/actuator/health/liveness/..;/..;/..;/v1/jobs",
                "/actuator/health/liveness/..%2f..%2f..%2fv1%2fjobs",
                "/actuator/health/liveness/%2e%2e/%2e%2e/%2e%2e/v1/jobs",
                "/v3/api-docs/../../v1/jobs",
                "/v3/api-docs;/../../v1/jobs",
                "//v1/jobs",
                "/v1/jobs/",
                "/v1//jobs",
                "/v1/jobs;jsessionid=1",
                "/V1/jobs",
                "/%76%31/jobs",
                "/./v1/jobs",
                "http://127.0.0.1/v1/jobs",
                "/actuator/health/liveness/../env",
                "/actuator/health/%6civeness/../../env"
            })
    void noFormOfAnAddressGoesAroundTheKey(String target) {
        String answer = RawConnection.exchange(
                api.port(), "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 (400|401) .*");
        assertThat(answer).contains("application/problem+json").doesNotContain("has_more");
    }

    @Test
    void openAddressesCanOnlyBeRead() {
        assertThat(stranger.method("POST", "/actuator/health/liveness").status())
                .isEqualTo(401);
        assertThat(stranger.method("DELETE", "/v3/api-docs").status()).isEqualTo(401);
    }
}
