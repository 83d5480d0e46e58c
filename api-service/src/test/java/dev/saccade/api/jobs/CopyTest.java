package dev.saccade.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobOrigin;
import dev.saccade.runtime.text.SystemPrompts;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs made from jobs: retried, cloned and run again. */
final class CopyTest {

    private final RunningApi api = RunningApi.get();
    private final JobLedger ledger = api.bean(JobLedger.class);
    private final HandWorker worker = new HandWorker(ledger);
    private final Client client = api.newTenant();

    @Test
    void failedJobIsRetriedAsANewOneThatNamesIt() {
        String id = submitted(
                "{\"question\":\"Why?\",\"priority\":\"batch\",\"tags\":[\"night\"],\"sampling\":{\"top_k\":7}}");
        ledger.fail(worker.claimed(id), new JobError("prompt-too-long", "Shorten it."));
        Answer failed = client.get("/v1/jobs/" + id);
        assertThat(failed.text("/links/retry")).isEqualTo("/v1/jobs/" + id + "/retry");

        Answer retry = post(failed.text("/links/retry"));

        assertThat(retry.status()).isEqualTo(202);
        assertThat(retry.text("/id")).isNotEqualTo(id);
        assertThat(retry.text("/origin/kind")).isEqualTo("retry");
        assertThat(retry.text("/origin/job")).isEqualTo(id);
        assertThat(retry.json().at("/request")).isEqualTo(failed.json().at("/request"));
        assertThat(retry.text("/priority")).isEqualTo("batch");
        assertThat(retry.text("/tags/0")).isEqualTo("night");
        assertThat(client.get("/v1/jobs/" + id).text("/state")).isEqualTo("failed");
    }

    @Test
    void onlyWhatEndedWithoutAnAnswerIsRetriedAndOnlyAnAnswerIsRunAgain() {
        String queued = submitted("{\"question\":\"Why?\"}");
        assertThat(post("/v1/jobs/" + queued + "/retry").text("/code")).isEqualTo("job-not-retryable");
        assertThat(post("/v1/jobs/" + queued + "/rerun").text("/code")).isEqualTo("job-has-no-result");
        worker.answer(queued, "Yes.");
        assertThat(post("/v1/jobs/" + queued + "/retry").status()).isEqualTo(409);
    }

    @Test
    void rerunHasTheSeedAndEveryParameterThatWasInForce() {
        String id = submitted("{\"question\":\"Why?\"}");
        worker.answer(id, "Yes.");

        Answer rerun = post("/v1/jobs/" + id + "/rerun");

        assertThat(rerun.status()).isEqualTo(202);
        assertThat(rerun.json().at("/request/sampling"))
                .isEqualTo(client.get("/v1/jobs/" + id).json().at("/result/sampling"));
        assertThat(rerun.json().at("/request/sampling/seed").asLong()).isEqualTo(42);
        JobOrigin origin =
                Objects.requireNonNull(worker.request(rerun.text("/id")).origin());
        assertThat(origin.kind()).isEqualTo(JobOrigin.Kind.RERUN);
        assertThat(origin.modelFingerprint()).isEqualTo("abc");
        assertThat(origin.engineVersion()).isEqualTo("0.1");
    }

    @Test
    void cloneWithoutChangesIsTheSameRequest() {
        String id = submitted("{\"question\":\"Why?\",\"sampling\":{\"top_k\":7},\"vision\":{\"fps\":2}}");

        Answer clone = post("/v1/jobs/" + id + "/clone");

        assertThat(clone.status()).as(clone.json().toString()).isEqualTo(202);
        assertThat(clone.json().at("/request"))
                .isEqualTo(client.get("/v1/jobs/" + id).json().at("/request"));
        assertThat(clone.text("/origin/kind")).isEqualTo("clone");
    }

    @Test
    void cloneMergesParametersAndReplacesTheRest() {
        String video = client.uploaded(Clips.VIDEO);
        String image = client.uploaded(Clips.IMAGE);
        String id = submitted(
                "{\"video\":\"" + video
                        + "\",\"question\":\"Why?\",\"tags\":[\"a\"],\"sampling\":{\"top_k\":7,\"seed\":1},\"vision\":{\"fps\":2}}");

        Answer clone = client.post(
                "/v1/jobs/" + id + "/clone",
                "{\"video\":\"" + image
                        + "\",\"question\":\"How?\",\"reasoning\":false,\"tags\":[\"b\"],\"priority\":\"interactive\","
                        + "\"sampling\":{\"seed\":null,\"top_p\":0.5},\"vision\":{\"fps\":4}}");

        assertThat(clone.status()).as(clone.json().toString()).isEqualTo(202);
        assertThat(clone.text("/request/messages/0/content/0/text")).isEqualTo(SystemPrompts.PLAIN);
        assertThat(clone.text("/request/messages/1/content/0/type")).isEqualTo("image");
        assertThat(clone.text("/request/messages/1/content/0/video")).isEqualTo(image);
        assertThat(clone.text("/request/messages/1/content/1/text")).isEqualTo("How?");
        assertThat(clone.json().at("/request/messages/1/content").size()).isEqualTo(2);
        assertThat(clone.json().at("/request/sampling/top_k").asInt()).isEqualTo(7);
        assertThat(clone.json().at("/request/sampling").has("seed")).isFalse();
        assertThat(clone.json().at("/request/sampling/top_p").asDouble()).isEqualTo(0.5);
        assertThat(clone.json().at("/request/vision/fps").asDouble()).isEqualTo(4);
        assertThat(clone.text("/tags/0")).isEqualTo("b");
        assertThat(clone.text("/priority")).isEqualTo("interactive");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"tenant_id\":\"00000000-0000-7000-8000-000000000000\"}",
                "{\"state\":\"succeeded\"}",
                "{\"origin\":{\"kind\":\"RERUN\"}}",
                "{\"question\":5}",
                "{\"question\":\"\"}",
                "{\"sampling\":5}",
                "{\"sampling\":{\"n\":1000000}}",
                "{\"messages\":[],\"question\":\"a\"}",
                "{\"video\":\"vid_00000000-0000-7000-8000-000000000000\"}",
                "{\"priority\":\"urgent\"}",
                "[]"
            })
    void cloneIsCheckedAsASubmissionIs(String changes) {
        String id = submitted("{\"question\":\"Why?\"}");

        Answer answer = client.post("/v1/jobs/" + id + "/clone", changes);

        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(422);
        assertThat(client.get("/v1/jobs").json().at("/data").size()).isEqualTo(1);
    }

    @Test
    void copiesHeedTheirIdempotencyKey() {
        String id = submitted("{\"question\":\"Why?\"}");
        Answer first = client.post("/v1/jobs/" + id + "/clone", "{}", "Idempotency-Key", "copy");
        Answer second = client.post("/v1/jobs/" + id + "/clone", "{}", "Idempotency-Key", "copy");

        assertThat(second.text("/id")).isEqualTo(first.text("/id"));
        assertThat(client.post("/v1/jobs", "{\"question\":\"Why?\"}", "Idempotency-Key", "copy")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void anotherTenantsJobCanNotBeCopied() {
        String id = submitted("{\"question\":\"Why?\"}");
        Client other = api.newTenant();

        for (String way : new String[] {"retry", "clone", "rerun"}) {
            assertThat(other.post("/v1/jobs/" + id + "/" + way, "{}").status()).isEqualTo(404);
        }
        assertThat(other.get("/v1/jobs").json().at("/data").size()).isZero();
    }

    @Test
    void cloneOntoAnotherTenantsVideoIsRefused() {
        String foreign = api.newTenant().uploaded(Clips.VIDEO);
        String id = submitted("{\"question\":\"Why?\"}");

        Answer answer = client.post("/v1/jobs/" + id + "/clone", "{\"video\":\"" + foreign + "\"}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text("/code")).isEqualTo("unknown-video");
    }

    private String submitted(String body) {
        Answer answer = client.post("/v1/jobs", body);
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(202);
        return answer.text("/id");
    }

    private Answer post(String path) {
        return client.method("POST", path);
    }
}
