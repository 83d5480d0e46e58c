package dev.saccade.api.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.jobs.HandWorker;
import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobLedger;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Files of lines and what batches make of them. */
final class FileBatchTest {

    private static final String BOUNDARY = "lines";

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();
    private final HandWorker worker = new HandWorker(api.bean(JobLedger.class));

    @Test
    void wrongLinesHarmNoOthersAndAreToldByTheirField() {
        String file = uploaded(String.join(
                "\n",
                line("a", "/v1/chat/completions", Chats.body("\"Is it safe?\"")),
                line("b", "/v1/embeddings", "{}"),
                line("c", "/v1/chat/completions", Chats.body("\"And this?\"", "\"temperature\": -1")),
                line("d", "/v1/chat/completions", Chats.body("\"A stream?\"", "\"stream\": true")),
                "no JSON",
                line("e", "/v1/chat/completions", Chats.body("\"The last?\""))));

        Answer batch = batch(file, "/v1/chat/completions");
        List<String> jobs = jobs();
        worker.ledger().fail(worker.claimed(jobs.get(0)), new JobError("media-unreadable", "It is broken."));
        worker.answer(jobs.get(1), "Yes.");
        Answer ended = client.get("/v1/batches/" + batch.text("/id"));

        assertThat(batch.text("/status")).isEqualTo("in_progress");
        assertThat(ended.text("/status")).isEqualTo("completed");
        assertThat(ended.json().path("request_counts").toString())
                .isEqualTo("{\"total\":6,\"completed\":1,\"failed\":5}");
        assertThat(lines(ended.text("/output_file_id"))).singleElement().satisfies(line -> {
            assertThat(line.path("custom_id").asString()).isEqualTo("a");
            assertThat(line.at("/response/body/choices/0/message/content").asString())
                    .isEqualTo("Yes.");
        });
        assertThat(lines(ended.text("/error_file_id")).stream()
                        .map(line -> line.path("custom_id").asString("-") + " "
                                + line.at("/error/code").asString("")
                                + line.at("/response/body/error/code").asString("") + " "
                                + line.at("/error/message").asString("").replaceFirst(":.*", "")))
                .containsExactly(
                        "b invalid_field /body/url",
                        "c invalid_temperature /body/sampling/temperature",
                        "d invalid_field /body/stream",
                        "- malformed_json The body is no valid JSON at line 1, column 1. NaN and Infinity are no JSON numbers either.",
                        "e media_unreadable ");
    }

    @Test
    void batchesOfBothKindsAreListedEachAsItsClientKnowsIt() {
        String ours = client.post(
                        "/v1/batches",
                        "{\"custom_id\": \"x\", \"body\": {\"question\": \"?\"}}\n",
                        "Content-Type",
                        "application/jsonl")
                .text("/id");
        String theirs = batch(
                        uploaded(line("a", "/v1/responses", "{\"model\": \"" + Chats.MODEL + "\", \"input\": \"?\"}")),
                        "/v1/responses")
                .text("/id");

        Answer list = client.get("/v1/batches");

        assertThat(list.text("/object")).isEqualTo("list");
        assertThat(list.text("/data/0/id")).isEqualTo(theirs);
        assertThat(list.text("/data/0/object")).isEqualTo("batch");
        assertThat(list.text("/data/1/id")).isEqualTo(ours);
        assertThat(list.text("/data/1/state")).isEqualTo("running");
        assertThat(client.get("/v1/batches?limit=1").json().path("has_more").asBoolean())
                .isTrue();
        assertThat(client.get("/v1/batches?after=" + theirs).text("/data/0/id")).isEqualTo(ours);
        assertThat(client.get("/v1/batches/" + ours.replace("bat_", "batch_")).text("/error/code"))
                .as("ours has no document of that kind")
                .isEqualTo("batch_not_found");
        assertThat(client.method("POST", "/v1/batches/" + theirs + "/cancel").text("/status"))
                .isIn("cancelling", "cancelled");
    }

    @Test
    void whatABatchCantBeMadeOfIsRefusedInTheClientsShape() {
        assertThat(batch("file-unknown", "/v1/chat/completions").text("/error/param"))
                .isEqualTo("input_file_id");
        assertThat(batch(uploaded("{}"), "/v1/embeddings").text("/error/param")).isEqualTo("endpoint");
        Answer unknown = client.post(
                "/v1/batches", "{\"input_file_id\": \"file-1\", \"endpoint\": \"/v1/responses\", \"speed\": 2}");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.text("/error/param")).isEqualTo("speed");
    }

    @Test
    void filesAreTheirTenantsAndGoWhenTheyAreDeleted() {
        String file = uploaded("{}");
        Client stranger = api.newTenant();

        assertThat(client.get("/v1/files/" + file + "/content").body())
                .isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
        assertThat(client.get("/v1/files").text("/data/0/id")).isEqualTo(file);
        assertThat(client.get("/v1/files?purpose=vision").json().path("data")).isEmpty();
        assertThat(stranger.get("/v1/files/" + file).status()).isEqualTo(404);
        assertThat(stranger.get("/v1/files").json().path("data")).isEmpty();
        assertThat(stranger.method("DELETE", "/v1/files/" + file).status()).isEqualTo(404);
        assertThat(client.method("DELETE", "/v1/files/" + file).status()).isEqualTo(200);
        assertThat(client.get("/v1/files/" + file).text("/error/code")).isEqualTo("file_not_found");
    }

    @Test
    void formWithoutPurposeOrFileAndTextAsAClipAreRefused() {
        assertThat(form("file", "lines.jsonl", "{}", null).text("/error/param")).isEqualTo("purpose");
        assertThat(form("file", "lines.jsonl", "{}", "fine-tune").text("/error/param"))
                .isEqualTo("purpose");
        assertThat(form("file", "lines.jsonl", "", "batch").text("/error/param"))
                .isEqualTo("file");
        assertThat(form("other", "lines.jsonl", "{}", "batch").text("/error/param"))
                .isEqualTo("other");
        Answer text = form("file", "clip.mp4", "This is no video.", "user_data");
        assertThat(text.status()).isEqualTo(400);
        assertThat(text.text("/error/message")).isNotBlank();
    }

    private Answer batch(String file, String endpoint) {
        return client.post(
                "/v1/batches",
                "{\"input_file_id\": \"" + file + "\", \"endpoint\": \"" + endpoint
                        + "\", \"completion_window\": \"24h\"}");
    }

    private static String line(String id, String url, String body) {
        return "{\"custom_id\": \"" + id + "\", \"method\": \"POST\", \"url\": \"" + url + "\", \"body\": " + body
                + "}";
    }

    private String uploaded(String lines) {
        Answer file = form("file", "lines.jsonl", lines, "batch");
        assertThat(file.status()).as(file.json().toString()).isEqualTo(200);
        return file.text("/id");
    }

    private Answer form(String name, String filename, String content, @Nullable String purpose) {
        String file = "--" + BOUNDARY + "\r\n" + Client.part(name, filename) + "\r\n\r\n" + content + "\r\n";
        String field = purpose == null
                ? ""
                : "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n" + purpose + "\r\n";
        return client.send(client.request("/v1/files", "Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofString(file + field + "--" + BOUNDARY + "--\r\n")));
    }

    private List<JsonNode> lines(String file) {
        Answer content = client.get("/v1/files/" + file + "/content");
        assertThat(content.header("Content-Type")).startsWith("application/jsonl");
        return new String(content.body(), StandardCharsets.UTF_8)
                .lines()
                .map(JsonMapper.shared()::readTree)
                .toList();
    }

    /** Newest first. */
    private List<String> jobs() {
        return client.get("/v1/jobs")
                .json()
                .path("data")
                .valueStream()
                .map(job -> job.path("id").asString())
                .toList();
    }
}
