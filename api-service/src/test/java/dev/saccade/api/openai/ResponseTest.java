package dev.saccade.api.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.jobs.HandWorker;
import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobLedger;
import org.junit.jupiter.api.Test;

final class ResponseTest {

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();
    private final JobLedger ledger = api.bean(JobLedger.class);
    private final HandWorker worker = new HandWorker(ledger);

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
        assertThat(create("\"stream\": true").text("/error/param")).isEqualTo("stream");
        assertThat(create("\"previous_response_id\": \"resp_1\"").text("/error/param"))
                .isEqualTo("previous_response_id");
        assertThat(create("\"text\": {\"format\": {\"type\": \"xml\"}}").text("/error/param"))
                .isEqualTo("text.format.type");
        assertThat(client.post("/v1/responses", "{\"model\": \"" + Chats.MODEL + "\", \"input\": [{\"type\": \"x\"}]}")
                        .text("/error/param"))
                .isEqualTo("input[0]");
        assertThat(client.get("/v1/responses/resp_1").text("/error/code")).isEqualTo("response_not_found");
    }

    private Answer create(String fields) {
        return client.post(
                "/v1/responses", "{\"model\": \"" + Chats.MODEL + "\", \"input\": \"Is it safe?\", " + fields + "}");
    }
}
