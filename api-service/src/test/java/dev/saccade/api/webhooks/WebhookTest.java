package dev.saccade.api.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.saccade.api.jobs.HandWorker;
import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.jobs.JobLedger;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class WebhookTest {

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();
    private final HandWorker worker = new HandWorker(api.bean(JobLedger.class));
    private final JdbcTemplate sql = new JdbcTemplate(api.bean(DataSource.class));
    private final Receiver receiver = new Receiver();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void receiverIsToldOfAJobsEndAndCanVerifyItWithTheStandardsOwnLibrary() throws Exception {
        Answer webhook = register("");
        String job = job("");
        worker.answer(job, "yes");

        await().until(() -> !receiver.messages().isEmpty());
        Receiver.Message message = receiver.messages().getFirst();

        verify(webhook, message.body(), message);
        JsonNode body = JsonMapper.shared().readTree(message.body());
        assertThat(body.path("type").asString()).isEqualTo("job.succeeded");
        assertThat(body.at("/data/id").asString()).isEqualTo(job);
        assertThat(body.at("/data/url").asString()).isEqualTo("/v1/jobs/" + job);
        assertThat(message.body()).doesNotContain("yes").doesNotContain("Is it safe?");
        await().untilAsserted(() ->
                assertThat(deliveries(webhook).at("/data/0/state").asString()).isEqualTo("delivered"));
        JsonNode delivery = deliveries(webhook).at("/data/0");
        assertThat(delivery.path("id").asString()).isEqualTo(message.header("webhook-id"));
        assertThat(delivery.at("/attempts/0/status").asInt()).isEqualTo(204);
    }

    @Test
    void changedMessageOrOtherSecretDoesNotVerify() {
        Answer webhook = register("");
        worker.answer(job(""), "yes");
        await().until(() -> !receiver.messages().isEmpty());
        Receiver.Message message = receiver.messages().getFirst();

        assertThatThrownBy(() -> verify(webhook, message.body() + " ", message))
                .isInstanceOf(WebhookVerificationException.class);
        assertThatThrownBy(() -> verify(register(""), message.body(), message))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void bothSecretsVerifyWhileARotationOverlapsAndOnlyTheNewOneAfterwards() {
        Answer webhook = register("");
        String path = "/v1/webhooks/" + webhook.text("/id");
        Answer rotated = client.method("POST", path + "/rotate");
        worker.answer(job(""), "yes");
        await().until(() -> receiver.messages().size() == 1);
        client.method("POST", path + "/rotate?overlap_seconds=0");
        worker.answer(job(""), "yes");
        await().until(() -> receiver.messages().size() == 2);

        Receiver.Message during = receiver.messages().get(0);
        Receiver.Message after = receiver.messages().get(1);
        for (Answer secret : new Answer[] {webhook, rotated}) {
            assertThatCode(() -> verify(secret, during.body(), during)).doesNotThrowAnyException();
            assertThatThrownBy(() -> verify(secret, after.body(), after))
                    .isInstanceOf(WebhookVerificationException.class);
        }
        assertThat(rotated.text("/previous_secret_until")).isNotEmpty();
    }

    @Test
    void messageThatIsRefusedIsSentAgainUnderTheSameIdUntilItIsTaken() {
        receiver.answers(500);
        Answer webhook = register("");
        worker.answer(job(""), "yes");
        await().until(() -> receiver.messages().size() >= 2);
        receiver.answers(200);

        await().untilAsserted(() ->
                assertThat(deliveries(webhook).at("/data/0/state").asString()).isEqualTo("delivered"));
        assertThat(receiver.messages().stream().map(message -> message.header("webhook-id")))
                .containsOnly(deliveries(webhook).at("/data/0/id").asString());
        assertThat(receiver.messages().stream().map(Receiver.Message::body).distinct())
                .hasSize(1);
        assertThat(deliveries(webhook).at("/data/0/attempts/0/status").asInt()).isEqualTo(500);
        assertThat(client.get("/v1/webhooks/" + webhook.text("/id")).text("/failing_since"))
                .isEmpty();
    }

    @Test
    void deliveredMessageIsSentOnceMoreOnRequest() {
        Answer webhook = register("");
        worker.answer(job(""), "yes");
        await().until(() -> deliveries(webhook).at("/data/0/state").asString().equals("delivered"));
        String id = deliveries(webhook).at("/data/0/id").asString();

        Answer again =
                client.method("POST", "/v1/webhooks/" + webhook.text("/id") + "/deliveries/" + id + "/redeliver");

        assertThat(again.status()).isEqualTo(200);
        await().until(() -> receiver.messages().size() == 2);
        assertThat(receiver.messages().get(1).header("webhook-id")).isEqualTo(id);
    }

    @Test
    void receiverThatSaysGoneIsDisabledUntilItIsEnabled() {
        receiver.answers(410);
        Answer webhook = register("");
        String path = "/v1/webhooks/" + webhook.text("/id");
        worker.answer(job(""), "yes");

        await().until(() -> client.get(path).text("/disabled_reason").equals("gone"));
        assertThat(deliveries(webhook).at("/data/0/state").asString()).isEqualTo("failed");
        worker.answer(job(""), "not told");
        receiver.answers(200);
        assertThat(client.method("POST", path + "/enable")
                        .json()
                        .path("enabled")
                        .asBoolean())
                .isTrue();
        String told = job("");
        worker.answer(told, "told");
        await().until(() -> receiver.messages().size() == 2);
        assertThat(receiver.messages().get(1).body()).contains(told);
    }

    @Test
    void receiverThatHasFailedForLongIsDisabled() {
        receiver.answers(500);
        Answer webhook = register("");
        worker.answer(job(""), "yes");
        await().until(() -> !receiver.messages().isEmpty());
        sql.update(
                "update webhook set failing_since = now() - interval '6 days' where id = ?",
                UUID.fromString(webhook.text("/id").substring(4)));

        await().until(() -> client.get("/v1/webhooks/" + webhook.text("/id"))
                .text("/disabled_reason")
                .equals("failing"));
    }

    @Test
    void messageIsGivenUpWhenItsTimeIsOver() {
        receiver.answers(500);
        Answer webhook = register("");
        worker.answer(job(""), "yes");
        await().until(() -> !receiver.messages().isEmpty());
        sql.update(
                "update webhook_delivery set give_up_at = now() where state = 'PENDING' and webhook_id = ?",
                UUID.fromString(webhook.text("/id").substring(4)));

        await().until(() -> deliveries(webhook).at("/data/0/state").asString().equals("failed"));
    }

    @Test
    void receiverThatHangsKeepsNobodyElseWaiting() {
        try (Receiver hanging = new Receiver()) {
            hanging.hangs();
            client.post("/v1/webhooks", "{\"url\": \"" + hanging.url() + "\"}");
            for (int i = 0; i < 10; i++) {
                worker.answer(job(""), "yes");
            }
            await().until(() -> hanging.messages().size() >= 4);
            Answer webhook = register("");
            String job = job("");
            worker.answer(job, "yes");

            await().until(() -> !receiver.messages().isEmpty());
            assertThat(receiver.messages().getFirst().body()).contains(job);
            assertThat(webhook.status()).isEqualTo(201);
        }
    }

    @Test
    void webhookForNamedJobsHearsOnlyOfThoseThatNameIt() {
        Answer webhook = register(", \"jobs\": \"named\"");
        worker.answer(job(""), "not named");
        String named = job(", \"webhook\": \"" + webhook.text("/id") + "\"");
        worker.answer(named, "named");

        await().until(() -> !receiver.messages().isEmpty());
        assertThat(receiver.messages())
                .singleElement()
                .satisfies(message -> assertThat(message.body()).contains(named));
    }

    @Test
    void webhookIsToldOfTheEventsThatItAskedForOnly() {
        register(", \"events\": [\"batch.ended\", \"job.cancelled\"]");
        worker.answer(job(""), "yes");
        String cancelled = job("");
        client.cancel(cancelled);

        await().until(() -> !receiver.messages().isEmpty());
        assertThat(receiver.messages())
                .singleElement()
                .satisfies(message ->
                        assertThat(message.body()).contains("job.cancelled").contains(cancelled));
    }

    @Test
    void endOfABatchIsTold() {
        register(", \"events\": [\"batch.ended\"]");
        Answer batch = client.send(client.request("/v1/batches", "Content-Type", "application/jsonl")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("no JSON")));

        await().until(() -> !receiver.messages().isEmpty());
        assertThat(receiver.messages().getFirst().body()).contains(batch.text("/id"));
    }

    @Test
    void anothersWebhookDoesNotExist() {
        String id = register("").text("/id");
        Client stranger = api.newTenant();
        String path = "/v1/webhooks/" + id;

        assertThat(stranger.get(path).text("/code")).isEqualTo("webhook-not-found");
        assertThat(stranger.get(path + "/deliveries").status()).isEqualTo(404);
        assertThat(stranger.method("POST", path + "/rotate").status()).isEqualTo(404);
        assertThat(stranger.method("POST", path + "/enable").status()).isEqualTo(404);
        assertThat(stranger.method("DELETE", path).status()).isEqualTo(404);
        assertThat(stranger.get("/v1/webhooks").json().at("/data")).isEmpty();
        assertThat(client.get(path).status()).isEqualTo(200);
    }

    @Test
    void jobCanNotTellAnotherTenantsWebhook() {
        String id = register("").text("/id");
        Client stranger = api.newTenant();

        Answer foreign = stranger.post("/v1/jobs", "{\"question\": \"?\", \"webhook\": \"" + id + "\"}");
        Answer unknown =
                stranger.post("/v1/jobs", "{\"question\": \"?\", \"webhook\": \"whk_" + UUID.randomUUID() + "\"}");

        assertThat(foreign.status()).isEqualTo(422);
        assertThat(foreign.text("/errors/0/pointer")).isEqualTo("/webhook");
        assertThat(foreign.body()).as("as if it did not exist").isEqualTo(unknown.body());
    }

    @Test
    void secretIsShownOnceAndSealedInTheDatabase() {
        Answer webhook = register("");
        String path = "/v1/webhooks/" + webhook.text("/id");
        byte[] sealed = sql.queryForObject(
                "select secret from webhook where id = ?",
                byte[].class,
                UUID.fromString(webhook.text("/id").substring(4)));

        assertThat(webhook.text("/secret")).startsWith("whsec_");
        assertThat(webhook.header("Cache-Control")).isEqualTo("no-store");
        assertThat(client.get(path).json().has("secret")).isFalse();
        assertThat(sealed).hasSize(12 + 32 + 16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://169.254.169.254/",
                "https://[::1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://0.0.0.0/",
                "https://2130706433/",
                "https://0x7f.1/",
                "https://a.svc.cluster.local/",
                "http://ok\\\\@10.0.0.1/",
                "https://user:password@hooks.example.com/",
                "file:///etc/passwd",
                "gopher://hooks.example.com/",
                "https://hooks.example.com:22/",
                "https://[64:ff9b::a00:1]/",
                "https://hooks.example.com/\\r\\nX: y",
                "http://hooks.example.com/",
                ""
            })
    void urlThatMayNotBeCalledIsRefusedWhenItIsRegistered(String url) {
        Answer refused = client.post("/v1/webhooks", "{\"url\": \"" + url + "\"}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/code")).isEqualTo("invalid-url");
        assertThat(refused.text("/errors/0/pointer")).isEqualTo("/url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"url\": 7}",
                "{\"url\": \"http://localhost/\", \"events\": []}",
                "{\"url\": \"http://localhost/\", \"events\": [\"job.created\"]}",
                "{\"url\": \"http://localhost/\", \"description\": \"\\u0000\"}",
                "{\"url\": \"http://localhost/\", \"tenant\": \"x\"}",
                "{\"url\": \"http://localhost/\", \"secret\": \"whsec_AAAA\"}"
            })
    void registrationThatIsWrongIsRefused(String body) {
        assertThat(client.post("/v1/webhooks", body).status()).isEqualTo(422);
    }

    @Test
    void deletedWebhookIsToldNothing() {
        Answer webhook = register("");
        assertThat(client.method("DELETE", "/v1/webhooks/" + webhook.text("/id"))
                        .status())
                .isEqualTo(204);
        worker.answer(job(""), "yes");

        assertThat(client.get("/v1/webhooks/" + webhook.text("/id")).status()).isEqualTo(404);
        assertThat(client.get("/v1/webhooks").json().at("/data")).isEmpty();
        assertThat(receiver.messages()).isEmpty();
    }

    /** As a receiver does that uses the standard's library. */
    private static void verify(Answer webhook, String body, Receiver.Message message) throws Exception {
        new Webhook(webhook.text("/secret")).verify(body, message.headers().map());
    }

    private Answer register(String more) {
        Answer registered = client.post("/v1/webhooks", "{\"url\": \"" + receiver.url() + "\"" + more + "}");
        assertThat(registered.status()).as(registered.text("/detail")).isEqualTo(201);
        return registered;
    }

    private String job(String more) {
        Answer job = client.post("/v1/jobs", "{\"question\": \"Is it safe?\"" + more + "}");
        assertThat(job.status()).as(job.text("/detail")).isEqualTo(202);
        return job.text("/id");
    }

    private JsonNode deliveries(Answer webhook) {
        return client.get("/v1/webhooks/" + webhook.text("/id") + "/deliveries").json();
    }
}
