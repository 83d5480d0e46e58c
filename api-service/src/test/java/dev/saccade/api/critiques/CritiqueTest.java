package dev.saccade.api.critiques;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.api.jobs.HandWorker;
import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobLedger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clips judged by several samples each, ranked, and shown on a page. */
final class CritiqueTest {

    private static final String CLEAN = "{\"components\":[],\"anomalies\":false}";
    private static final String BROKEN = """
            {"overview":"A ball.","components":[{"name":"ball","analysis":"It floats.","anomaly":true}],"anomalies":true}""";

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();
    private final JobLedger ledger = api.bean(JobLedger.class);
    private final HandWorker worker = new HandWorker(ledger);

    @Test
    void clipsAreScoredByTheirSamplesAndRanked() {
        Answer critique =
                submit(client.uploaded(Clips.VIDEO), client.uploaded(Clips.VIDEO), client.uploaded(Clips.VIDEO));
        assertThat(critique.status()).as(critique.json().toString()).isEqualTo(202);
        assertThat(critique.text("/state")).isEqualTo("running");
        answer(critique.text("/clips/0/job"), BROKEN, CLEAN, "Who knows?", BROKEN);
        answer(critique.text("/clips/1/job"), CLEAN, CLEAN, CLEAN, CLEAN);
        ledger.fail(worker.claimed(critique.text("/clips/2/job")), new JobError("media-unreadable", "It is broken."));

        Answer ended = client.get(critique.header("Location"));

        assertThat(ended.text("/state")).isEqualTo("ended");
        assertThat(ended.json().at("/clips/0/score").asDouble()).isEqualTo(0.25);
        assertThat(ended.json().at("/clips/0/rank").asInt()).isEqualTo(2);
        assertThat(ended.json().at("/clips/0/unreadable").asInt()).isEqualTo(1);
        assertThat(ended.json().at("/clips/0/interval/low").asDouble()).isCloseTo(0.0456, within(1e-4));
        assertThat(ended.json().at("/clips/0/interval/high").asDouble()).isCloseTo(0.6994, within(1e-4));
        assertThat(ended.text("/clips/0/verdicts/0/components/0/name")).isEqualTo("ball");
        assertThat(ended.json().at("/clips/1/rank").asInt()).isEqualTo(1);
        assertThat(ended.json().at("/clips/1/interval/low").asDouble()).isCloseTo(0.5101, within(1e-4));
        assertThat(ended.text("/clips/2/error")).isEqualTo("It is broken.");
        assertThat(ended.json().at("/clips/2").has("rank")).isFalse();
        assertThat(ended.text("/best")).isEqualTo(ended.text("/clips/1/video"));
    }

    @Test
    void jobsOfACritiqueNameTheCriticWithAsManySamplesAsAskedFor() {
        Answer critique = client.post("/v1/critiques", """
                {"videos": ["%s"], "n": 2, "prompt": {"version": 1}, "tags": ["takes"]}""".formatted(client.uploaded(Clips.VIDEO)));

        Answer job = client.get("/v1/jobs/" + critique.text("/clips/0/job"));

        assertThat(job.text("/request/prompt/name")).isEqualTo("video_critic");
        assertThat(job.json().at("/request/prompt/version").asInt()).isEqualTo(1);
        assertThat(job.json().at("/request/sampling/n").asInt()).isEqualTo(2);
        assertThat(job.json().at("/request/vision/fps").asInt()).isEqualTo(16);
        assertThat(job.text("/tags/0")).isEqualTo("takes");
    }

    @Test
    void whatAModelWroteCannotBecomeMarkupOfTheReport() {
        Answer critique = submit(client.uploaded(Clips.VIDEO));
        String hostile = "</pre><script>alert('x')</script><img src=x onerror=alert(1)>\"&";
        answer(critique.text("/clips/0/job"), """
                {"overview":"<b>%1$s","components":[{"name":"<i>","analysis":"<svg onload=x>","anomaly":true}],"anomalies":true}""".formatted("<script>1</script>"), hostile);

        Answer report = client.get(critique.text("/links/report"));

        String page = new String(report.body(), StandardCharsets.UTF_8);
        assertThat(report.header("Content-Type")).startsWith("text/html");
        assertThat(report.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(page)
                .doesNotContain("<script", "<img", "<svg", "<i>", "<b>")
                .contains("&lt;script&gt;1&lt;/script&gt;", "&lt;svg onload=x&gt;")
                .contains("<a href=\"/v1/videos/" + critique.text("/clips/0/video") + "/content\">");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"videos\": []} | /videos",
                "{\"videos\": [\"vid_nothing\"]} | /videos/0",
                "{\"videos\": [\"vid_x\"], \"n\": 0} | /n",
                "{\"videos\": [\"vid_x\"], \"n\": 65} | /n",
                "{\"videos\": [\"vid_x\"], \"prompt\": {\"name\": \"nobody\"}} | /prompt/name"
            })
    void whatCannotBeJudgedPointsAtItsPlace(String body, String pointer) {
        Answer refused = client.post("/v1/critiques", body);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json()
                        .at("/errors")
                        .valueStream()
                        .map(one -> one.path("pointer").asString()))
                .contains(pointer);
    }

    @Test
    void anotherTenantSeesNeitherCritiqueNorReport() {
        String self = submit(client.uploaded(Clips.VIDEO)).header("Location");
        Client stranger = api.newTenant();

        assertThat(stranger.get(self).status()).isEqualTo(404);
        assertThat(stranger.get(self + "/report").status()).isEqualTo(404);
    }

    @Test
    void theSameKeySubmitsOnce() {
        String body = "{\"videos\": [\"%s\"]}".formatted(client.uploaded(Clips.VIDEO));

        Answer first = client.post("/v1/critiques", body, "Idempotency-Key", "one");
        Answer again = client.post("/v1/critiques", body, "Idempotency-Key", "one");

        assertThat(again.text("/id")).isEqualTo(first.text("/id"));
        assertThat(client.get("/v1/jobs").json().path("data").size()).isEqualTo(1);
    }

    private Answer submit(String... videos) {
        return client.post("/v1/critiques", "{\"videos\": [\"" + String.join("\", \"", videos) + "\"]}");
    }

    /** Each sample with this structure; what is no JSON is the text of one that could not be read. */
    private void answer(String job, String... structures) {
        List<Completion> samples = Arrays.stream(structures)
                .map(structure -> structure.startsWith("{")
                        ? new Completion("text", null, "text", "stop", 3, List.of(), structure, null)
                        : new Completion(structure, null, "", "stop", 3, List.of(), null, "Unreadable."))
                .toList();
        assertThat(ledger.succeed(
                        worker.claimed(job), HandWorker.outcome("text").withCompletions(samples)))
                .isTrue();
    }
}
