package dev.saccade.api.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.jobs.HandWorker;
import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobLedger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ResponseTest {

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();
    private final JobLedger ledger = api.bean(JobLedger.class);
    private final HandWorker worker = new HandWorker(ledger);
    private final Chats chats = new Chats(client);

    @Test
    void responseInTheBackgroundIsAskedForUntilItHasEnded() {
        Answer queued = create("\"background\": true, \"instructions\": \"Be brief.\", \"max_output_tokens\": 9");
        String path = "/v1/responses/" + queued.text("/id");
        String job = queued.text("/id").replace("resp_", "job_");

        assertThat(queued.text("/status")).isEqualTo("queued");
        assertThat(queued.json().path("background").asBoolean()).isTrue();
        Answer asked = client.get("/v1/jobs/" + job);
        assertThat(asked.text("/priority")).isEqualTo("standard");
        assertThat(asked.text("/request/messages/0/content/0/text")).isEqualTo("Be brief.");
        assertThat(asked.json().at("/request/sampling/max_tokens").asInt()).isEqualTo(9);
        worker.answer(job, "Yes.");

        Answer completed = client.get(path);
        assertThat(completed.text("/status")).isEqualTo("completed");
        assertThat(completed.text("/output/0/content/0/text")).isEqualTo("It is clear.");
        assertThat(completed.text("/output/1/content/0/text")).isEqualTo("Yes.");
        assertThat(completed.json().at("/usage/total_tokens").asInt()).isEqualTo(18);
        assertThat(client.method("POST", path + "/cancel").text("/status")).isEqualTo("completed");
        assertThat(api.newTenant().get(path).status()).isEqualTo(404);
    }

    @Test
    void responseThatFailedSaysWhyAndOneThatWaitsIsCancelledAtOnce() {
        String failed = create("\"background\": true").text("/id");
        ledger.fail(worker.claimed(failed.replace("resp_", "job_")), new JobError("media-unreadable", "It is broken."));
        String cancelled = create("\"background\": true").text("/id");

        assertThat(client.get("/v1/responses/" + failed).text("/status")).isEqualTo("failed");
        assertThat(client.get("/v1/responses/" + failed).text("/error/code")).isEqualTo("media_unreadable");
        assertThat(client.method("POST", "/v1/responses/" + cancelled + "/cancel")
                        .text("/status"))
                .isEqualTo("cancelled");
    }

    @Test
    void whatCantBeTakenIsNamed() {
        assertThat(create("\"stream\": \"yes\"").text("/error/param")).isEqualTo("stream");
        assertThat(create("\"previous_response_id\": \"resp_1\"").text("/error/param"))
                .isEqualTo("previous_response_id");
        assertThat(create("\"text\": {\"format\": {\"type\": \"xml\"}}").text("/error/param"))
                .isEqualTo("text.format.type");
        assertThat(client.post("/v1/responses", "{\"model\": \"" + Chats.MODEL + "\", \"input\": [{\"type\": \"x\"}]}")
                        .text("/error/param"))
                .isEqualTo("input[0]");
        assertThat(client.get("/v1/responses/resp_1").text("/error/code")).isEqualTo("response_not_found");
    }

    @Test
    void streamPutsTheResponseTogetherPieceByPiece() {
        List<JsonNode> events = streamed("\"stream\": true", job -> worker.answer(job, "Yes, it is."));

        assertThat(types(events))
                .startsWith("response.created", "response.in_progress", "response.output_item.added")
                .endsWith("response.output_item.done", "response.completed")
                .containsSubsequence(
                        "response.content_part.added",
                        "response.reasoning_text.delta",
                        "response.reasoning_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done");
        assertThat(events.stream()
                        .map(event -> event.path("sequence_number").asInt())
                        .toList())
                .isEqualTo(IntStream.range(0, events.size()).boxed().toList());
        assertThat(joined(events, "response.reasoning_text.delta")).isEqualTo("It is clear.");
        assertThat(joined(events, "response.output_text.delta")).isEqualTo("Yes, it is.");
        JsonNode response = events.getLast().path("response");
        assertThat(response.at("/output/1/content/0/text").asString()).isEqualTo("Yes, it is.");
        assertThat(response.at("/usage/total_tokens").asInt()).isEqualTo(18);
        assertThat(events.getFirst().at("/response/output")).isEmpty();
        List<JsonNode> items = events.stream()
                .filter(event -> event.path("type").asString().equals("response.output_item.done"))
                .map(event -> event.path("item"))
                .toList();
        assertThat(items).isEqualTo(response.path("output").valueStream().toList());
    }

    @Test
    void streamOfAResponseThatFailsEndsWithItsReason() {
        List<JsonNode> events = streamed(
                "\"stream\": true",
                job -> ledger.fail(worker.claimed(job), new JobError("media-unreadable", "It is broken.")));

        assertThat(events.getLast().path("type").asString()).isEqualTo("response.failed");
        assertThat(events.getLast().at("/response/error/code").asString()).isEqualTo("media_unreadable");
    }

    @Test
    void streamOfAResponseThatEndedBeforeHasAllOfIt() {
        String key = "one";
        String fields = "\"stream\": true";
        streamed(fields, job -> worker.answer(job, "Yes."), "Idempotency-Key", key);

        List<JsonNode> again = streamed(fields, job -> {}, "Idempotency-Key", key);

        assertThat(joined(again, "response.output_text.delta")).isEqualTo("Yes.");
        assertThat(again.getFirst().at("/response/output")).isEmpty();
        assertThat(client.get("/v1/jobs").json().path("data").size()).isEqualTo(1);
    }

    /** The events of a stream whose job was ended in this way. */
    private List<JsonNode> streamed(String fields, Consumer<String> end, String... headers) {
        var answer = CompletableFuture.supplyAsync(() -> create(fields, headers));
        end.accept(chats.job(1));
        Answer stream = answer.join();
        assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
        return new String(stream.body(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> JsonMapper.shared().readTree(line.substring("data: ".length())))
                .toList();
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").asString()).toList();
    }

    private static String joined(List<JsonNode> events, String type) {
        return events.stream()
                .filter(event -> event.path("type").asString().equals(type))
                .map(event -> event.path("delta").asString())
                .reduce("", String::concat);
    }

    private Answer create(String fields, String... headers) {
        return client.post(
                "/v1/responses",
                "{\"model\": \"" + Chats.MODEL + "\", \"input\": \"Is it safe?\", " + fields + "}",
                headers);
    }
}
