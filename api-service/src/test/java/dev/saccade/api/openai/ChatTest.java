package dev.saccade.api.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.jobs.HandWorker;
import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.TokenLogprob;
import dev.saccade.ledger.jobs.TokenLogprob.Alternative;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class ChatTest {

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();
    private final Chats chats = new Chats(client);
    private final JobLedger ledger = api.bean(JobLedger.class);
    private final HandWorker worker = new HandWorker(ledger);

    @Test
    void answerHasReasoningOfItsOwnAndTheRequestIsAJob() {
        var answer = chats.ask(Chats.body("\"Is it safe?\"", "\"max_tokens\": 99", "\"seed\": 5", "\"stop\": \"END\""));
        String job = chats.job(1);
        JsonNode sampling = chats.request(job).path("sampling");
        worker.answer(job, "Yes, it is.");

        Answer chat = answer.join();
        assertThat(chat.status()).as(chat.json().toString()).isEqualTo(200);
        assertThat(chat.text("/id")).isEqualTo(job.replace("job_", "chatcmpl-"));
        assertThat(chat.header("X-Request-Id")).isEqualTo(job);
        assertThat(chat.text("/object")).isEqualTo("chat.completion");
        assertThat(chat.text("/model")).isEqualTo(Chats.MODEL);
        assertThat(chat.text("/choices/0/message/content")).isEqualTo("Yes, it is.");
        assertThat(chat.text("/choices/0/message/reasoning_content")).isEqualTo("It is clear.");
        assertThat(chat.text("/choices/0/finish_reason")).isEqualTo("stop");
        assertThat(chat.json().at("/usage/total_tokens").asInt()).isEqualTo(18);
        assertThat(sampling.path("max_tokens").asInt()).isEqualTo(99);
        assertThat(sampling.path("seed").asInt()).isEqualTo(5);
        assertThat(sampling.path("stop").get(0).asString()).isEqualTo("END");
        assertThat(client.get("/v1/jobs/" + job).text("/priority")).isEqualTo("interactive");
    }

    @Test
    void dataUrlIsStoredLikeAnUploadAndSharesTheSameBytes() {
        String url = Chats.dataUrl("video/mp4", Clips.VIDEO).replace("/", "\\/").replace("+", "\\u002b");
        String first = client.uploaded(Clips.VIDEO);

        var answer = chats.ask(Chats.body(
                Chats.about("video_url", url), "\"mm_processor_kwargs\": {\"num_frames\": 8, \"timestamps\": true}"));
        String job = chats.job(1);
        JsonNode request = chats.request(job);
        worker.answer(job, "A car.");

        assertThat(answer.join().text("/choices/0/message/content")).isEqualTo("A car.");
        assertThat(request.path("vision").path("nframes").asInt()).isEqualTo(8);
        assertThat(request.path("vision").path("timestamps").asBoolean()).isTrue();
        JsonNode part = request.at("/messages/1/content/0");
        assertThat(part.path("type").asString()).isEqualTo("video");
        Answer stored = client.get("/v1/videos/" + part.path("video").asString());
        assertThat(stored.text("/sha256"))
                .isEqualTo(client.get("/v1/videos/" + first).text("/sha256"));
        assertThat(stored.text("/filename")).isEqualTo("data.mp4");
    }

    @Test
    void imageAndFileAreNamedInOneConversation() {
        String file = client.uploaded(Clips.VIDEO).replace("vid_", "file-");
        String content =
                "[{\"type\": \"image_url\", \"image_url\": {\"url\": \"" + Chats.dataUrl("image/jpeg", Clips.IMAGE)
                        + "\", \"detail\": \"low\"}}, {\"type\": \"file\", \"file\": {\"file_id\": \"" + file
                        + "\"}}, {\"type\": \"text\", \"text\": \"Which?\"}]";

        var answer = chats.ask(Chats.body(content, "\"reasoning_effort\": \"none\""));
        String job = chats.job(1);
        JsonNode parts = chats.request(job).at("/messages/1/content");
        worker.answer(job, "The second.");

        assertThat(answer.join().status()).isEqualTo(200);
        assertThat(parts.get(0).path("type").asString()).isEqualTo("image");
        assertThat(parts.get(1).path("type").asString()).isEqualTo("video");
        assertThat(parts.get(2).path("text").asString()).isEqualTo("Which?");
    }

    @Test
    void partsCarryMarks() {
        String image = client.uploaded(Clips.IMAGE).replace("vid_", "file-");
        String video = client.uploaded(Clips.VIDEO).replace("vid_", "file-");
        String marks = "[{\"number\":1,\"frames\":[{\"box\":[1.0,2.0,30.0,40.0]}]}]";
        String content = """
                [{"type": "image_url", "image_url": {"file_id": "%s"}, "marks": %s},
                 {"type": "file", "file": {"file_id": "%s"}, "marks": %s},
                 {"type": "text", "text": "What is 1?"}]""".formatted(image, marks, video, marks);

        var answer = chats.ask(Chats.body(content));
        String job = chats.job(1);
        JsonNode parts = chats.request(job).at("/messages/1/content");
        worker.answer(job, "A car.");

        assertThat(answer.join().status()).isEqualTo(200);
        assertThat(parts.get(0).path("marks").toString()).isEqualTo(marks);
        assertThat(parts.get(1).path("marks").toString()).isEqualTo(marks);
        String outside = "[{\"type\": \"image_url\", \"image_url\": {\"file_id\": \"%s\"}, \"marks\": %s},"
                + " {\"type\": \"text\", \"text\": \"What?\"}]";
        Answer refused = chats.refused(Chats.body(outside.formatted(image, marks.replace("30.0", "30000.0"))));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error/param")).isEqualTo("messages[0].content[0].marks[0].frames[0]");
    }

    @Test
    void streamHasTheTextsPartsWithoutTagsThenUsageAndItsEnd() {
        var answer = chats.ask(
                Chats.body("\"Is it safe?\"", "\"stream\": true", "\"stream_options\": {\"include_usage\": true}"));
        String job = chats.job(1);
        assertThat(chats.request(job).path("sampling").path("seed").isNumber())
                .as("a further attempt writes the same")
                .isTrue();
        worker.answer(job, "Yes, it is.");

        Answer stream = answer.join();
        assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
        List<String> lines = new String(stream.body(), java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .toList();
        assertThat(lines.getLast()).isEqualTo("[DONE]");
        List<JsonNode> chunks = lines.stream()
                .limit(lines.size() - 1)
                .map(tools.jackson.databind.json.JsonMapper.shared()::readTree)
                .toList();
        assertThat(joined(chunks, "reasoning_content")).isEqualTo("It is clear.");
        assertThat(joined(chunks, "content")).isEqualTo("Yes, it is.");
        assertThat(chunks.getLast().at("/usage/completion_tokens").asInt()).isEqualTo(7);
        assertThat(chunks.getLast().path("choices")).isEmpty();
        assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asString())
                .isEqualTo("stop");
    }

    private static String joined(List<JsonNode> chunks, String part) {
        return chunks.stream()
                .map(chunk -> chunk.at("/choices/0/delta/" + part).asString(""))
                .reduce("", String::concat);
    }

    @Test
    void logprobsAreThoseOfTheAnswersTokens() {
        var answer = chats.ask(Chats.body("\"Safe?\"", "\"logprobs\": true", "\"top_logprobs\": 1"));
        String job = chats.job(1);
        assertThat(chats.request(job).path("sampling").path("logprobs").asInt()).isEqualTo(1);
        JobOutcome plain = HandWorker.outcome("Yes.");
        var tokens = List.of("<think>", "It is clear.", "</think><answer>", "Yes", ".", "</answer>").stream()
                .map(text -> new TokenLogprob(1, text, -0.5, 1, List.of(new Alternative(1, text, -0.5))))
                .toList();
        var completion = new Completion(plain.text(), plain.reasoning(), plain.answer(), "stop", 6, tokens);
        assertThat(ledger.succeed(worker.claimed(job), withCompletions(plain, List.of(completion))))
                .isTrue();

        JsonNode logprobs = answer.join().json().at("/choices/0/logprobs");
        assertThat(logprobs.path("content").size()).isEqualTo(2);
        assertThat(logprobs.at("/content/0/token").asString()).isEqualTo("Yes");
        assertThat(logprobs.at("/content/0/bytes").toString()).isEqualTo("[89,101,115]");
        assertThat(logprobs.at("/content/1/top_logprobs/0/logprob").asDouble()).isEqualTo(-0.5);
        assertThat(logprobs.at("/reasoning_content/0/token").asString()).isEqualTo("It is clear.");
    }

    private static JobOutcome withCompletions(JobOutcome plain, List<Completion> completions) {
        return new JobOutcome(
                plain.text(),
                plain.reasoning(),
                plain.answer(),
                plain.finishReason(),
                plain.promptTokens(),
                plain.completionTokens(),
                plain.visualTokens(),
                plain.seed(),
                plain.sampling(),
                plain.frames(),
                plain.timings(),
                plain.warnings(),
                plain.modelName(),
                plain.modelFingerprint(),
                plain.engineVersion(),
                completions,
                List.of());
    }

    @Test
    void jobThatFailsIsAnErrorThatSaysWhy() {
        var answer = chats.ask(Chats.body("\"Is it safe?\""));
        String job = chats.job(1);
        ledger.fail(worker.claimed(job), new JobError("prompt-too-long", "The prompt is too long. Shorten it."));

        assertThat(answer.join().status()).isEqualTo(400);
        assertThat(answer.join().text("/error/code")).isEqualTo("prompt_too_long");
        assertThat(answer.join().text("/error/message")).isEqualTo("The prompt is too long. Shorten it.");
    }

    @Test
    void jobOfAStreamWhoseClientHasGoneIsCancelled() throws Exception {
        var http = java.net.http.HttpClient.newHttpClient();
        var request = client.request("/v1/chat/completions", "Content-Type", "application/json")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(
                        Chats.body("\"Is it safe?\"", "\"stream\": true")))
                .build();
        var response = http.send(request, java.net.http.HttpResponse.BodyHandlers.ofInputStream());
        String job = chats.job(1);
        response.body().close();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.get("/v1/jobs/" + job).text("/state").equals("cancelled"));
        http.shutdownNow();
    }

    @Test
    void keyGetsTheSameJobAgain() {
        String body = Chats.body("\"Is it safe?\"");
        var first = chats.ask(body, "Idempotency-Key", "one");
        String job = chats.job(1);
        worker.answer(job, "Yes.");
        String id = first.join().text("/id");

        assertThat(chats.ask(body, "Idempotency-Key", "one").join().text("/id")).isEqualTo(id);
        assertThat(client.get("/v1/jobs").json().path("data").size()).isEqualTo(1);
    }

    @Test
    void modelsAreListedByTheirNames() {
        assertThat(client.get("/v1/models").text("/data/0/id")).isEqualTo(Chats.MODEL);
        assertThat(client.get("/v1/models/" + Chats.MODEL).text("/object")).isEqualTo("model");
        assertThat(client.get("/v1/models/gpt-2").status()).isEqualTo(404);
        assertThat(client.get("/v1/models/gpt-2").text("/error/code")).isEqualTo("model_not_found");
    }
}
