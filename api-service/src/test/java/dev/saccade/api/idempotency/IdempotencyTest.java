package dev.saccade.api.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.idempotency.IdempotentAnswers;
import dev.saccade.ledger.tenants.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

final class IdempotencyTest {

    private static final String QUESTION = "{\"question\":\"Is it safe to turn right?\"}";

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();

    @Test
    void sameKeyAndBodyGetTheFirstAnswerAndOneJob() {
        Answer first = post("once", QUESTION);
        Answer second = post("once", QUESTION);

        assertThat(first.status()).isEqualTo(202);
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("Content-Type")).isEqualTo("application/json");
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(jobs(client)).isEqualTo(1);
    }

    @Test
    void sameKeyWithAnotherBodyIsRefused() {
        post("reused", QUESTION);

        Answer other = post("reused", "{\"question\":\"Is it safe to turn left?\"}");

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.text("/code")).isEqualTo("idempotency-key-reused");
        assertThat(jobs(client)).isEqualTo(1);
    }

    @Test
    void firstAnswerComesAgainWhenTheBodyWouldBeRefusedByNow() {
        // as after start_by has passed: what is stored outweighs what would be checked
        String soon = "{\"question\":\"Why?\",\"start_by\":\""
                + java.time.Instant.now().plusSeconds(1) + "\"}";
        Answer first = post("deadline", soon);
        assertThat(first.status()).isEqualTo(202);
        org.awaitility.Awaitility.await()
                .untilAsserted(
                        () -> assertThat(client.post("/v1/jobs", soon).status()).isEqualTo(422));

        assertThat(post("deadline", soon).body()).isEqualTo(first.body());
    }

    @Test
    void anotherTenantsKeyMeansNothing() {
        Client other = api.newTenant();
        Answer mine = post("shared", QUESTION);
        Answer theirs = post(other, "shared", "{\"question\":\"Another one?\"}");

        assertThat(theirs.status()).isEqualTo(202);
        assertThat(theirs.header("Idempotent-Replayed")).isEmpty();
        assertThat(theirs.text("/id")).isNotEqualTo(mine.text("/id"));
        assertThat(jobs(other)).isEqualTo(1);
    }

    @Test
    void keyOfTheSameTenantsOtherApiKeyIsTheSameKey() {
        var tenant = api.newTenantId();
        Client first = api.newClient(tenant, Role.ADMIN.scopes());
        Client second = api.newClient(tenant, Role.ADMIN.scopes());

        assertThat(post(first, "team", QUESTION).text("/id"))
                .isEqualTo(post(second, "team", QUESTION).text("/id"));
    }

    @Test
    void refusedRequestLeavesItsKeyFree() {
        assertThat(post("repaired", "{\"question\":\"\"}").status()).isEqualTo(422);

        assertThat(post("repaired", QUESTION).status()).isEqualTo(202);
    }

    @Test
    void concurrentDuplicatesMakeOneJob() throws Exception {
        List<Callable<Answer>> duplicates = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            duplicates.add(() -> post("race", QUESTION));
        }
        Set<String> ids = new HashSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(duplicates)) {
                assertThat(answer.get().status()).isEqualTo(202);
                ids.add(answer.get().text("/id"));
            }
        }

        assertThat(ids).hasSize(1);
        assertThat(jobs(client)).isEqualTo(1);
    }

    @Test
    void keyIsFreeAgainAfterADay() {
        var tenant = api.newTenantId();
        Client own = api.newClient(tenant, Role.ADMIN.scopes());
        String first = post(own, "daily", QUESTION).text("/id");
        api.bean(JdbcTemplate.class)
                .update(
                        "update idempotent_answer set expires_at = expires_at - interval '1 day' where tenant_id = ?",
                        tenant);

        Answer next = post(own, "daily", "{\"question\":\"And today?\"}");

        assertThat(next.status()).isEqualTo(202);
        assertThat(next.text("/id")).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space"})
    void whatIsNoKeyIsRefused(String key) {
        Answer answer = post(key, QUESTION);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("/code")).isEqualTo("invalid-idempotency-key");
        assertThat(jobs(client)).isZero();
    }

    @Test
    void keyThatIsTooLongIsRefused() {
        assertThat(post("k".repeat(255), QUESTION).status()).isEqualTo(202);
        assertThat(post("k".repeat(256), QUESTION).status()).isEqualTo(400);
    }

    @Test
    void uploadWithAKeyMakesOneVideo() {
        Answer first = client.uploadWithKey("clip", Clips.VIDEO);
        Answer second = client.uploadWithKey("clip", Clips.VIDEO);
        Answer other = client.uploadWithKey("clip", Clips.IMAGE);

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location")).isEqualTo("/v1/videos/" + first.text("/id"));
        assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.text("/code")).isEqualTo("idempotency-key-reused");
        assertThat(videos()).isEqualTo(1);
    }

    @Test
    void uploadThatIsRefusedLeavesItsKeyFree(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.mp4"), "no video");
        assertThat(client.uploadWithKey("mended", broken).status()).isEqualTo(422);

        assertThat(client.uploadWithKey("mended", Clips.VIDEO).status()).isEqualTo(201);
    }

    @Test
    void uploadWhoseKeyIsAtWorkElsewhereIsToldSo() {
        var tenant = api.newTenantId();
        Client own = api.newClient(tenant, Role.ADMIN.scopes());
        var answers = api.bean(IdempotentAnswers.class);
        answers.reserve(tenant, "busy", Duration.ofMinutes(1));
        answers.reserve(tenant, "dead", Duration.ofMillis(1));

        Answer job = post(own, "busy", QUESTION);
        Answer upload = own.uploadWithKey("busy", Clips.VIDEO);

        assertThat(job.status()).isEqualTo(409);
        assertThat(upload.status()).isEqualTo(409);
        assertThat(upload.text("/code")).isEqualTo("idempotency-key-in-use");
        assertThat(upload.header("Retry-After")).isNotEmpty();
        assertThat(own.uploadWithKey("dead", Clips.VIDEO).status()).isEqualTo(201);
    }

    @Test
    void concurrentUploadsWithAKeyMakeOneVideo() throws Exception {
        List<Callable<Answer>> duplicates = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            duplicates.add(() -> client.uploadWithKey("race", Clips.VIDEO));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(duplicates)) {
                assertThat(answer.get().status()).isIn(201, 409);
            }
        }

        assertThat(videos()).isEqualTo(1);
    }

    private int videos() {
        return client.get("/v1/videos").json().at("/data").size();
    }

    private Answer post(String key, String body) {
        return post(client, key, body);
    }

    private static Answer post(Client client, String key, String body) {
        return client.post("/v1/jobs", body, "Idempotency-Key", key);
    }

    private static int jobs(Client client) {
        return client.get("/v1/jobs").json().at("/data").size();
    }
}
