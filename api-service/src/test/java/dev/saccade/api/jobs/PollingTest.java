package dev.saccade.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.jobs.JobLedger;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PollingTest {

    private static final String QUESTION = "{\"question\":\"Is it safe to turn right?\"}";

    private final RunningApi api = RunningApi.get();
    private final HandWorker worker = new HandWorker(api.bean(JobLedger.class));
    private final Client client = api.newTenant();

    @Test
    void unchangedJobIsNotSentAgain() {
        String id = client.post("/v1/jobs", QUESTION).text("/id");
        worker.claimed(id);
        Answer first = client.get("/v1/jobs/" + id);

        Answer second = client.get("/v1/jobs/" + id, "If-None-Match", first.header("ETag"));

        assertThat(first.header("ETag")).matches("\"[0-9a-f]{32}\"");
        assertThat(second.status()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
        assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(second.header("Retry-After")).isEqualTo("1");
        client.cancel(id);
        assertThat(client.get("/v1/jobs/" + id, "If-None-Match", first.header("ETag"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void submitThatPrefersToWaitAnswersWithTheResult() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = CompletableFuture.supplyAsync(
                    () -> client.post("/v1/jobs", QUESTION, "Prefer", "respond-async, wait=50"), threads);
            await().until(() -> client.get("/v1/jobs").json().at("/data").size() == 1);
            worker.answer(client.get("/v1/jobs").text("/data/0/id"), "Yes.");

            Answer answer = waiting.get();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text("/result/answer")).isEqualTo("Yes.");
            assertThat(answer.header("Preference-Applied")).isEqualTo("wait=50");
            assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + answer.text("/id"));
        }
    }

    @Test
    void waitThatWasTooShortAnswersAsIfNobodyHadWaited() {
        Answer answer = client.post("/v1/jobs", QUESTION, "Prefer", "wait=1");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/state")).isEqualTo("queued");
        assertThat(answer.header("Retry-After")).isNotEmpty();
        assertThat(client.get(answer.header("Location"), "Prefer", "wait=1").status())
                .isEqualTo(200);
    }

    @Test
    void pollThatPrefersToWaitAnswersWhenTheJobEnds() throws Exception {
        String id = client.post("/v1/jobs", QUESTION).text("/id");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting =
                    CompletableFuture.supplyAsync(() -> client.get("/v1/jobs/" + id, "Prefer", "wait=60"), threads);
            client.cancel(id);

            assertThat(waiting.get().text("/state")).isEqualTo("cancelled");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wait=0",
                "wait=-1",
                "wait=soon",
                "wait",
                "await=9",
                "return=minimal",
                "wait=99999999999999999999"
            })
    void preferenceThatMeansNothingIsPassedOver(String preference) {
        assertThat(client.post("/v1/jobs", QUESTION, "Prefer", preference).status())
                .isEqualTo(202);
    }

    @Test
    void waitingJobTellsItsPlaceInTheQueue() {
        String first = client.post("/v1/jobs", QUESTION).text("/id");
        Answer second = client.post("/v1/jobs", QUESTION);
        long ahead =
                client.get("/v1/jobs/" + first).json().at("/queue/position").asLong();

        assertThat(ahead).isPositive();
        assertThat(second.json().at("/queue/position").asLong()).isGreaterThan(ahead);
        worker.claimed(first);
        assertThat(client.get("/v1/jobs/" + first).json().has("queue")).isFalse();
        // the pace is measured once in a few seconds, and may have been before anybody claimed anything
        await().until(() ->
                client.get(second.header("Location")).json().at("/queue").has("estimated_seconds"));
    }

    @Test
    void anotherTenantCanNotWaitForAJob() {
        String id = client.post("/v1/jobs", QUESTION).text("/id");

        assertThat(api.newTenant().get("/v1/jobs/" + id, "Prefer", "wait=60").status())
                .isEqualTo(404);
    }
}
