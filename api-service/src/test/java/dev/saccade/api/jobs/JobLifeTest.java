package dev.saccade.api.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.JobProgress;
import dev.saccade.ledger.jobs.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs over HTTP, with the test in the worker's place. */
final class JobLifeTest {

    private final RunningApi api = RunningApi.get();
    private final JobLedger ledger = api.bean(JobLedger.class);
    private final HandWorker worker = new HandWorker(ledger);
    private final Client client = api.newTenant();

    @Test
    void runningJobShowsItsProgress() {
        String id = submitted();
        Lease lease = claimed(id);
        ledger.heartbeat(lease, new JobProgress("decode", 5, 64, 5, "The road"), HandWorker.LEASE);

        Answer answer = client.get("/v1/jobs/" + id);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/state")).isEqualTo("running");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(answer.text("/progress/phase")).isEqualTo("decode");
        assertThat(answer.json().at("/progress/completion_tokens").asInt()).isEqualTo(5);
        assertThat(answer.text("/progress/text")).isEqualTo("The road");
    }

    @Test
    void finishedJobShowsItsResultAndNoTimeToAskAgain() {
        String id = submitted();
        assertThat(ledger.succeed(claimed(id), outcome())).isTrue();

        Answer answer = client.get("/v1/jobs/" + id);

        assertThat(answer.text("/state")).isEqualTo("succeeded");
        assertThat(answer.header("Retry-After")).isEmpty();
        assertThat(answer.text("/result/reasoning")).isEqualTo("It is clear.");
        assertThat(answer.text("/result/answer")).isEqualTo("Yes.");
        assertThat(answer.json().at("/result/usage/prompt_tokens").asInt()).isEqualTo(11);
        assertThat(answer.json().at("/result/seed").asLong()).isEqualTo(42);
        assertThat(answer.text("/result/model/name")).isEqualTo("demo");
        assertThat(answer.text("/links/cancel")).isEmpty();
        assertThat(client.get("/v1/jobs").json().at("/data/0").has("result")).isFalse();
    }

    @Test
    void failedJobSaysWhy() {
        String id = submitted();
        ledger.fail(claimed(id), new JobError("prompt-too-long", "The prompt has too many tokens. Shorten it."));

        Answer answer = client.get("/v1/jobs/" + id);

        assertThat(answer.text("/state")).isEqualTo("failed");
        assertThat(answer.text("/error/code")).isEqualTo("prompt-too-long");
    }

    @Test
    void waitingJobIsCancelledAtOnceAndAgainWithTheSameAnswer() {
        String id = submitted();

        Answer first = client.cancel(id);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.text("/state")).isEqualTo("cancelled");
        assertThat(client.cancel(id).status()).isEqualTo(200);
    }

    @Test
    void runningJobIsAskedToStop() {
        String id = submitted();
        Lease lease = claimed(id);

        Answer answer = client.cancel(id);
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/state")).isEqualTo("running");
        assertThat(answer.json().at("/cancel_requested").asBoolean()).isTrue();

        ledger.cancelled(lease);
        assertThat(client.get("/v1/jobs/" + id).text("/state")).isEqualTo("cancelled");
    }

    @Test
    void finishedJobCanNotBeCancelled() {
        String id = submitted();
        ledger.succeed(claimed(id), outcome());

        Answer answer = client.cancel(id);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("/code")).isEqualTo("job-finished");
    }

    @Test
    void anotherTenantsJobLooksUnknown() {
        String id = submitted();
        Client other = api.newTenant();
        String unknown = "job_00000000-0000-7000-8000-000000000000";

        assertThat(other.get("/v1/jobs/" + id).status()).isEqualTo(404);
        assertThat(other.get("/v1/jobs/" + id).json())
                .isEqualTo(other.get("/v1/jobs/" + unknown).json());
        assertThat(other.cancel(id).status()).isEqualTo(404);
        assertThat(other.get("/v1/jobs").json().at("/data").size()).isZero();
        assertThat(other.get("/v1/jobs?after=" + id).json().at("/data").size()).isZero();
        assertThat(client.get("/v1/jobs/" + id).text("/state")).isEqualTo("queued");
    }

    @Test
    void listIsPagedNewestFirst() {
        List<String> submitted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            submitted.addFirst(submitted());
        }

        Answer first = client.get("/v1/jobs?limit=2");
        assertThat(ids(first)).isEqualTo(submitted.subList(0, 2));
        assertThat(first.json().at("/has_more").asBoolean()).isTrue();
        Answer second = client.get("/v1/jobs?limit=2&after=" + first.text("/next_cursor"));
        assertThat(ids(second)).isEqualTo(submitted.subList(2, 4));
        Answer last = client.get("/v1/jobs?limit=2&after=" + second.text("/next_cursor"));
        assertThat(ids(last)).isEqualTo(submitted.subList(4, 5));
        assertThat(last.json().at("/has_more").asBoolean()).isFalse();
        assertThat(last.json().has("next_cursor")).isFalse();
    }

    @Test
    void listCanBeNarrowedToAState() {
        String cancelled = submitted();
        client.cancel(cancelled);
        String queued = submitted();

        assertThat(ids(client.get("/v1/jobs?state=cancelled"))).containsExactly(cancelled);
        assertThat(ids(client.get("/v1/jobs?state=queued"))).containsExactly(queued);
    }

    @Test
    void jobThatNobodyBeganInTimeExpires() {
        Answer answer = client.post(
                "/v1/jobs",
                "{\"question\":\"Why?\",\"start_by\":\"" + Instant.now().plusSeconds(2) + "\"}");
        assertThat(answer.status()).isEqualTo(202);

        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(
                                client.get("/v1/jobs/" + answer.text("/id")).text("/state"))
                        .isEqualTo("expired"));
    }

    private String submitted() {
        Answer answer = client.post("/v1/jobs", "{\"question\":\"Is it safe to turn right?\"}");
        assertThat(answer.status()).isEqualTo(202);
        return answer.text("/id");
    }

    private Lease claimed(String id) {
        return worker.claimed(id);
    }

    private static JobOutcome outcome() {
        return HandWorker.outcome("Yes.");
    }

    private static List<String> ids(Answer page) {
        List<String> ids = new ArrayList<>();
        page.json().at("/data").forEach(job -> ids.add(job.at("/id").asString("")));
        return ids;
    }
}
