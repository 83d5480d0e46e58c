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

    @Test
    void keyInTheQueryStringIsNoKey() {
        String key = api.newTenant().key();

        assertThat(stranger.get("/v1/jobs?api_key=" + key + "&access_token=" + key)
                        .status())
                .isEqualTo(401);
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

    @Test
    void keyOpensTheApiButNoManagement() {
        Client client = api.newTenant();

        assertThat(client.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(client.get("/actuator/env").status()).isEqualTo(404);
        assertThat(client.get("/actuator/beans").status()).isEqualTo(404);
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
