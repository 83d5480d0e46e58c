package dev.saccade.api.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.jobs.HandWorker;
import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobLedger;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class BatchTest {

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();
    private final HandWorker worker = new HandWorker(api.bean(JobLedger.class));

    @Test
    void wrongLinesGoToTheErrorFileWithTheirLineAndFieldAndLoseNothingElse() {
        Answer batch = submit(String.join(
                "\n",
                line("a", "Is it safe?"),
                "no JSON",
                "",
                "{\"custom_id\": \"c\", \"body\": {\"question\": 7}}",
                line("a", "The same id again?"),
                "{\"custom_id\": \"d\", \"body\": {\"question\": \"?\", \"sampling\": {\"temperature\": -1}}}",
                "{\"custom_id\": \"\", \"body\": {\"question\": \"?\"}}",
                "{\"custom_id\": \"e\"}",
                "{\"custom_id\": \"f\", \"body\": {\"video\": \"vid_nothing\", \"question\": \"?\"}}",
                "{\"custom_id\": \"g\", \"tenant\": \"x\", \"body\": {\"question\": \"?\"}}",
                line("b", "And this?")));

        assertThat(batch.status()).isEqualTo(202);
        assertThat(batch.header("Location")).isEqualTo("/v1/batches/" + batch.text("/id"));
        assertThat(batch.json().at("/lines").asLong()).isEqualTo(11);
        assertThat(batch.json().at("/jobs").asLong()).isEqualTo(2);
        assertThat(batch.json().at("/rejected").asLong()).isEqualTo(8);
        assertThat(batch.json().at("/counts/queued").asLong()).isEqualTo(2);
        List<JsonNode> errors = file(batch.text("/id"), "errors");
        assertThat(errors.stream()
                        .map(error -> error.path("line").asInt() + " "
                                + error.path("custom_id").asString("-") + " "
                                + error.at("/error/code").asString() + " "
                                + error.at("/error/errors/0/pointer").asString("")))
                .containsExactly(
                        "2 - malformed-json ",
                        "4 c invalid-field /body/question",
                        "5 a custom-id-repeated /custom_id",
                        "6 d invalid-temperature /body/sampling/temperature",
                        "7 - invalid-custom-id /custom_id",
                        "8 e invalid-field /body",
                        "9 f unknown-video /body/video",
                        "10 g unknown-field /tenant");
        assertThat(jobs())
                .hasSize(2)
                .allMatch(job -> job.path("priority").asString().equals("batch"));
    }

    @Test
    void outputHasResultsInTheOrderOfLinesAndErrorsTheJobsThatFailed() {
        String id = submit(line("a", "1?") + "\n" + line("b", "2?") + "\n" + line("c", "3?"))
                .text("/id");
        List<String> jobs = jobIds(); // newest first
        worker.answer(jobs.get(0), "three");
        worker.answer(jobs.get(2), "one");
        assertThat(client.get("/v1/batches/" + id).text("/state")).isEqualTo("running");
        worker.ledger().fail(worker.claimed(jobs.get(1)), new JobError("media-unreadable", "It is broken."));

        Answer ended = client.get("/v1/batches/" + id);
        Answer output = client.get("/v1/batches/" + id + "/output");

        assertThat(ended.text("/state")).isEqualTo("ended");
        assertThat(ended.text("/ended_at")).isNotEmpty();
        assertThat(ended.json().at("/counts/succeeded").asLong()).isEqualTo(2);
        assertThat(ended.json().at("/counts/failed").asLong()).isEqualTo(1);
        assertThat(output.header("Content-Type")).startsWith("application/jsonl");
        assertThat(output.header("Content-Disposition")).contains(id + "-output.jsonl");
        assertThat(file(id, "output").stream()
                        .map(line -> line.path("custom_id").asString() + " "
                                + line.at("/result/answer").asString()))
                .containsExactly("a one", "c three");
        assertThat(file(id, "errors")).singleElement().satisfies(line -> {
            assertThat(line.path("custom_id").asString()).isEqualTo("b");
            assertThat(line.path("state").asString()).isEqualTo("failed");
            assertThat(line.at("/error/code").asString()).isEqualTo("media-unreadable");
        });
        assertThat(client.method("POST", "/v1/batches/" + id + "/cancel").text("/code"))
                .isEqualTo("batch-ended");
    }

    @Test
    void thousandsOfLinesAreOneRequest() {
        String body = IntStream.range(0, 3_000)
                .mapToObj(i -> line("line-" + i, "Is it safe?"))
                .collect(Collectors.joining("\n"));

        Answer batch = submit(body);

        assertThat(batch.json().at("/jobs").asLong()).isEqualTo(3_000);
        assertThat(batch.json().at("/counts/queued").asLong()).isEqualTo(3_000);
        new JdbcTemplate(api.bean(DataSource.class))
                .update(
                        "update job set state = 'CANCELLED', finished_at = clock_timestamp() where id in"
                                + " (select job_id from batch_item where batch_id = ?)",
                        UUID.fromString(batch.text("/id").substring(4)));
        assertThat(client.get("/v1/batches/" + batch.text("/id")).text("/state"))
                .isEqualTo("ended");
        assertThat(file(batch.text("/id"), "errors")).hasSize(3_000);
    }

    @Test
    void sameQuestionAboutManyVideosIsOneShortRequest() {
        String first = client.uploaded(Clips.VIDEO);
        String second = client.uploaded(Clips.IMAGE);

        Answer batch = client.post(
                "/v1/batches",
                "{\"videos\": [\"" + first + "\", \"" + second + "\", \"vid_other\"],"
                        + " \"request\": {\"question\": \"Is it safe?\", \"tags\": [\"curation\"]}}");

        assertThat(batch.status()).isEqualTo(202);
        assertThat(batch.json().at("/jobs").asLong()).isEqualTo(2);
        assertThat(file(batch.text("/id"), "errors"))
                .singleElement()
                .satisfies(line -> assertThat(line.at("/error/code").asString()).isEqualTo("unknown-video"));
        assertThat(client.get("/v1/jobs?tag=curation&video=" + second).json().at("/data"))
                .hasSize(1);
    }

    @Test
    void shortRequestThatIsWrongNamesTheField() {
        assertThat(client.post("/v1/batches", "{\"videos\": [], \"request\": {\"question\": \"?\"}}")
                        .text("/errors/0/pointer"))
                .isEqualTo("/videos");
        assertThat(client.post("/v1/batches", "{\"videos\": [\"v\"], \"request\": {\"video\": \"v\"}}")
                        .text("/errors/0/pointer"))
                .isEqualTo("/request/video");
        assertThat(submit("").text("/code")).isEqualTo("batch-empty");
        assertThat(client.send(client.request("/v1/batches", "Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString("x")))
                        .status())
                .isEqualTo(415);
    }

    @Test
    void cancelledBatchTakesItsJobsWithIt() {
        String id = submit(line("a", "1?") + "\n" + line("b", "2?")).text("/id");

        Answer cancelling = client.method("POST", "/v1/batches/" + id + "/cancel");

        assertThat(cancelling.status()).isEqualTo(202);
        await().until(() -> client.get("/v1/batches/" + id).text("/state").equals("ended"));
        assertThat(client.get("/v1/batches/" + id)
                        .json()
                        .at("/counts/cancelled")
                        .asLong())
                .isEqualTo(2);
    }

    @Test
    void batchesAreListedNewestFirstInPages() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.addFirst(submit(line("a", "?")).text("/id"));
        }

        JsonNode page = client.get("/v1/batches?limit=2").json();
        JsonNode rest = client.get(
                        "/v1/batches?limit=2&after=" + page.path("next_cursor").asString())
                .json();

        assertThat(page.findValuesAsString("id")).containsExactly(ids.get(0), ids.get(1));
        assertThat(rest.at("/data/0/id").asString()).isEqualTo(ids.get(2));
        assertThat(rest.path("has_more").asBoolean()).isFalse();
    }

    @Test
    void anothersBatchDoesNotExist() {
        String id = submit(line("a", "?")).text("/id");
        Client stranger = api.newTenant();

        for (String path : List.of("", "/output", "/errors")) {
            assertThat(stranger.get("/v1/batches/" + id + path).text("/code")).isEqualTo("batch-not-found");
        }
        assertThat(stranger.method("POST", "/v1/batches/" + id + "/cancel").status())
                .isEqualTo(404);
        assertThat(stranger.get("/v1/batches?after=" + id).json().at("/data")).isEmpty();
        assertThat(client.get("/v1/batches/" + id).text("/state")).isEqualTo("running");
    }

    private Answer submit(String lines) {
        return client.send(client.request("/v1/batches", "Content-Type", "application/jsonl")
                .POST(BodyPublishers.ofString(lines)));
    }

    private List<JsonNode> file(String id, String name) {
        return new String(client.get("/v1/batches/" + id + "/" + name).body(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> JsonMapper.shared().readTree(line))
                .toList();
    }

    private List<JsonNode> jobs() {
        return client.get("/v1/jobs?limit=100")
                .json()
                .path("data")
                .valueStream()
                .toList();
    }

    private List<String> jobIds() {
        return jobs().stream().map(job -> job.path("id").asString()).toList();
    }

    static String line(String id, String question) {
        return "{\"custom_id\": \"" + id + "\", \"body\": {\"question\": \"" + question + "\"}}";
    }
}
