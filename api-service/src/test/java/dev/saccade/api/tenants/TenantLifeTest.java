package dev.saccade.api.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TenantLifeTest {

    private final RunningApi api = RunningApi.get();
    private final Client platform = api.client(RunningApi.BOOTSTRAP_KEY);
    private final String name = "made-" + UUID.randomUUID();

    @Test
    void bootstrapKeyMakesATenantAndItsFirstKey() {
        Answer tenant = create("{\"name\": \"" + name + "\"}");
        assertThat(tenant.status()).isEqualTo(201);
        assertThat(tenant.json().at("/limits/queued_jobs").asInt()).isEqualTo(100_000);

        Answer key =
                platform.post(tenant.header("Location") + "/api-keys", "{\"name\": \"first\", \"role\": \"admin\"}");
        Client admin = api.client(key.text("/secret"));

        assertThat(admin.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(admin.get("/v1/api-keys").text("/data/0/created_by")).isEqualTo("platform:key:bootstrap");
        assertThat(admin.get("/v1/tenants").status()).isEqualTo(403);
    }

    @Test
    void bootstrapKeySeesNoTenantsData() {
        assertThat(platform.get("/v1/jobs").status()).isEqualTo(403);
        assertThat(platform.get("/v1/tenants").status()).isEqualTo(200);
    }

    @Test
    void platformRightsAreNotGivenToATenant() {
        Answer tenant = create("{\"name\": \"" + name + "\"}");

        assertThat(platform.post(tenant.header("Location") + "/api-keys", "{\"name\": \"x\", \"role\": \"platform\"}")
                        .text("/code"))
                .isEqualTo("scope-not-yours");
    }

    @Test
    void suspendedTenantIsClosedUntilItIsResumed() {
        Answer tenant = create("{\"name\": \"" + name + "\"}");
        Client admin = api.client(
                platform.post(tenant.header("Location") + "/api-keys", "{\"name\": \"first\", \"role\": \"admin\"}")
                        .text("/secret"));
        assertThat(admin.get("/v1/jobs").status()).isEqualTo(200);

        platform.method("POST", tenant.header("Location") + "/suspend");
        assertThat(admin.get("/v1/jobs").status()).isEqualTo(401);

        platform.method("POST", tenant.header("Location") + "/resume");
        assertThat(admin.get("/v1/jobs").status()).isEqualTo(200);
    }

    @Test
    void nobodyLocksThemselvesOut() {
        Answer tenants = platform.get("/v1/tenants?limit=100");
        String own = "";
        for (var tenant : tenants.json().at("/data")) {
            own = tenant.at("/name").asString("").equals("platform")
                    ? tenant.at("/id").asString("")
                    : own;
        }

        assertThat(
                        own.isEmpty()
                                ? "not on the first page"
                                : platform.method("POST", "/v1/tenants/" + own + "/suspend")
                                        .text("/code"))
                .isIn("own-tenant", "not on the first page");
    }

    @Test
    void limitsAreSetAllAtOnce() {
        String tenant = create("{\"name\": \"" + name + "\"}").header("Location");

        Answer limited = put(tenant, "{\"queued_jobs\": 5, \"tokens_per_day\": 1000}");

        assertThat(limited.json().at("/limits").toString()).isEqualTo("{\"queued_jobs\":5,\"tokens_per_day\":1000}");
        assertThat(put(tenant, "{\"queued_jobs\": -1}").text("/errors/0/pointer"))
                .isEqualTo("/queued_jobs");
        assertThat(put("/v1/tenants/ten_" + UUID.randomUUID(), "{}").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\": \"\"}", "{\"name\": \"x\", \"limits\": {\"requests_per_minute\": 0}}"})
    void tenantsThatCanNotBeAreRefused(String body) {
        assertThat(create(body).status()).isEqualTo(422);
    }

    @Test
    void nameIsTakenOnceAndARepeatedRequestGetsTheFirstAnswer() {
        String body = "{\"name\": \"" + name + "\"}";
        Answer first = platform.send(keyed(body));

        assertThat(platform.send(keyed(body)).text("/id")).isEqualTo(first.text("/id"));
        assertThat(create(body).status()).isEqualTo(409);
    }

    private java.net.http.HttpRequest.Builder keyed(String body) {
        return platform.request("/v1/tenants", "Content-Type", "application/json", "Idempotency-Key", name)
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body));
    }

    private Answer create(String body) {
        return platform.post("/v1/tenants", body);
    }

    private Answer put(String tenant, String body) {
        return platform.send(platform.request(tenant + "/limits", "Content-Type", "application/json")
                .PUT(java.net.http.HttpRequest.BodyPublishers.ofString(body)));
    }
}
