package dev.saccade.api.tenants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.tenants.Role;
import dev.saccade.ledger.tenants.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiKeyLifeTest {

    private final RunningApi api = RunningApi.get();
    private final UUID tenant = api.newTenantId();
    private final Client admin = api.newClient(tenant, Role.ADMIN.scopes());

    @Test
    void createdKeyWorksWithItsScopesAndItsSecretIsToldOnce() {
        Answer created = create("{\"name\": \"ci\", \"role\": \"viewer\"}");
        Client viewer = api.client(created.text("/secret"));

        assertThat(created.header("Cache-Control")).isEqualTo("no-store");
        assertThat(viewer.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(viewer.post("/v1/jobs", "{}").status()).isEqualTo(403);
        Answer again = admin.get(created.header("Location"));
        assertThat(again.text("/name")).isEqualTo("ci");
        assertThat(again.text("/prefix")).isEqualTo(created.text("/secret").substring(0, 8));
        assertThat(again.json().has("secret")).isFalse();
        assertThat(new String(admin.get("/v1/api-keys").body(), java.nio.charset.StandardCharsets.UTF_8))
                .contains(created.text("/id"))
                .doesNotContain(created.text("/secret"));
    }

    @Test
    void rotatedKeyTakesBothSecretsUntilTheOverlapEnds() {
        Answer created = create("{\"name\": \"rotated\", \"role\": \"viewer\"}");
        Client old = api.client(created.text("/secret"));

        Answer rotated = post(created, "/rotate?overlap_seconds=3600");
        Client renewed = api.client(rotated.text("/secret"));
        assertThat(old.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(renewed.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(rotated.text("/previous_secret_until")).isNotEmpty();

        Client last = api.client(post(created, "/rotate?overlap_seconds=0").text("/secret"));
        assertThat(old.get("/v1/jobs").status()).isEqualTo(401);
        assertThat(renewed.get("/v1/jobs").status()).isEqualTo(401);
        assertThat(last.get("/v1/jobs").status()).isEqualTo(200);
        assertThat(post(created, "/rotate?overlap_seconds=2592001").status()).isEqualTo(400);
    }

    @Test
    void revokedKeyOpensNothing() {
        Answer created = create("{\"name\": \"revoked\", \"role\": \"viewer\"}");
        Client revoked = api.client(created.text("/secret"));
        assertThat(revoked.get("/v1/jobs").status()).isEqualTo(200);

        assertThat(admin.method("DELETE", created.header("Location")).status()).isEqualTo(204);

        assertThat(revoked.get("/v1/jobs").status()).isEqualTo(401);
        assertThat(post(created, "/rotate").status()).isEqualTo(409);
        assertThat(admin.get(created.header("Location")).text("/revoked_at")).isNotEmpty();
        assertThat(create("{\"name\": \"revoked\", \"role\": \"viewer\"}").status())
                .as("its name is free again")
                .isEqualTo(201);
    }

    @Test
    void expiredKeyOpensNothing() {
        Instant soon = Instant.now().plus(Duration.ofSeconds(2));
        Client expiring =
                api.client(create("{\"name\": \"soon\", \"role\": \"viewer\", \"expires_at\": \"" + soon + "\"}")
                        .text("/secret"));

        assertThat(expiring.get("/v1/jobs").status()).isEqualTo(200);
        Awaitility.await().until(() -> expiring.get("/v1/jobs").status() == 401);
    }

    @Test
    void lastUseIsShown() {
        Answer created = create("{\"name\": \"used\", \"role\": \"viewer\"}");
        assertThat(created.json().has("last_used_at")).isFalse();

        api.client(created.text("/secret")).get("/v1/jobs");

        Awaitility.await()
                .until(() -> admin.get(created.header("Location")).json().has("last_used_at"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": \"\", \"role\": \"viewer\"}",
                "{\"name\": \"a\\u0000b\", \"role\": \"viewer\"}",
                "{\"name\": \"a\\u202eb\", \"role\": \"viewer\"}",
                "{\"name\": \"x\"}",
                "{\"name\": \"x\", \"role\": \"owner\"}",
                "{\"name\": \"x\", \"scopes\": [\"jobs:everything\"]}",
                "{\"name\": \"x\", \"role\": \"viewer\", \"expires_at\": \"2020-01-01T00:00:00Z\"}"
            })
    void requestsThatCanNotBeMetAreRefusedWithTheirPlace(String body) {
        Answer refused = create(body);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/errors/0/pointer")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": \"x\", \"role\": \"viewer\", \"tenant_id\": \"ten_0\"}",
                "{\"name\": \"x\", \"role\": \"viewer\", \"secret\": \"sk_mine\"}"
            })
    void tenantAndSecretCanNotBeAssigned(String body) {
        assertThat(create(body).text("/code")).isEqualTo("unknown-field");
    }

    @Test
    void nobodyGivesOrTakesMoreThanTheyHold() {
        assertThat(create("{\"name\": \"mighty\", \"role\": \"platform\"}").text("/code"))
                .isEqualTo("scope-not-yours");
        Client both = api.newClient(tenant, EnumSet.allOf(Scope.class));
        Answer mighty = both.post("/v1/api-keys", "{\"name\": \"mighty\", \"role\": \"platform\"}");
        assertThat(mighty.status()).isEqualTo(201);

        assertThat(post(mighty, "/rotate").text("/code")).isEqualTo("scope-not-yours");
        assertThat(admin.method("DELETE", mighty.header("Location")).status()).isEqualTo(403);
    }

    @Test
    void anothersKeyDoesNotExist() {
        Answer created = create("{\"name\": \"mine\", \"role\": \"viewer\"}");
        Client stranger = api.newTenant();

        assertThat(stranger.get(created.header("Location")).status()).isEqualTo(404);
        assertThat(stranger.method("POST", created.header("Location") + "/rotate")
                        .status())
                .isEqualTo(404);
        assertThat(stranger.method("DELETE", created.header("Location")).status())
                .isEqualTo(404);
        assertThat(stranger.get("/v1/api-keys?after=" + created.text("/id")).text("/data/0/id"))
                .isNotEqualTo(created.text("/id"));
    }

    @Test
    void nameIsTakenOnce() {
        assertThat(create("{\"name\": \"once\", \"role\": \"viewer\"}").status())
                .isEqualTo(201);
        assertThat(create("{\"name\": \"once\", \"role\": \"viewer\"}").text("/code"))
                .isEqualTo("name-taken");
    }

    private Answer create(String body) {
        return admin.post("/v1/api-keys", body);
    }

    private Answer post(Answer key, String path) {
        return admin.method("POST", key.header("Location") + path);
    }
}
