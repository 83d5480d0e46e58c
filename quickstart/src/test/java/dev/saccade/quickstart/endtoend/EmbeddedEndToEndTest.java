package dev.saccade.quickstart.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.stack.QuickstartOptions;
import dev.saccade.quickstart.stack.RunningStack;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole path on the embedded parts. */
class EmbeddedEndToEndTest extends EndToEndContract {

    @Override
    RunningStack start() throws Exception {
        return RunningStack.start(QuickstartOptions.throwaway(Fixtures.emptyFolder("embedded"), new ModelOptions()));
    }

    @Test
    void aCritiqueTellsTheImpossibleClipFromThePossibleOneAndReadsEachOnce() throws Exception {
        String impossible = uploaded("critic/clips/critic_003.mp4");
        String possible = uploaded("critic/clips/critic_007.mp4");
        long readBefore = stack().promptRowsRead();

        JsonNode accepted = post("/v1/critiques", """
                {"videos": ["%s", "%s"], "n": 4, "prompt": {"version": 1},
                 "sampling": {"temperature": 0.1, "repetition_penalty": 1, "seed": 1, "max_tokens": 300}}""".formatted(impossible, possible));
        JsonNode critique = await().atMost(Duration.ofMinutes(3))
                .until(
                        () -> client().get(accepted.at("/links/self").asString()),
                        now -> now.path("state").asString().equals("ended"));

        assertThat(critique.at("/clips/0/score").asDouble(-1))
                .as(critique.toPrettyString())
                .isZero();
        assertThat(critique.at("/clips/1/score").asDouble(-1)).isEqualTo(1);
        assertThat(critique.at("/clips/0/verdicts").size()).isEqualTo(4);
        assertThat(critique.at("/clips/0/verdicts/0/trace").asString()).contains("<think>", "</answer>");
        assertThat(critique.at("/clips/1/interval/low").asDouble()).isBetween(0.50, 0.52);
        assertThat(List.of(
                        critique.at("/clips/0/rank").asInt(),
                        critique.at("/clips/1/rank").asInt()))
                .containsExactly(2, 1);
        assertThat(critique.path("best").asString()).isEqualTo(possible);
        long read = stack().promptRowsRead() - readBefore;
        assertThat(read).as("four verdicts share the reading of a clip").isBetween(1L, promptTokens(critique));
        assertThat(report(critique))
                .contains("/v1/videos/" + impossible + "/content", "/v1/videos/" + possible + "/content")
                .contains("&lt;think&gt;");
    }

    private String uploaded(String clip) throws Exception {
        return client().upload(Fixtures.clip(clip), sent -> {}).path("id").asString();
    }

    /** Of all jobs of a critique, each prompt once. */
    private long promptTokens(JsonNode critique) throws Exception {
        long tokens = 0;
        for (JsonNode clip : critique.path("clips")) {
            tokens += client().get("/v1/jobs/" + clip.path("job").asString())
                    .at("/result/usage/prompt_tokens")
                    .asInt();
        }
        return tokens;
    }

    private String report(JsonNode critique) throws Exception {
        HttpResponse<byte[]> page = client().send(
                        client().request(critique.at("/links/report").asString())
                                .setHeader("Accept", "text/html")
                                .build());
        assertThat(page.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        return new String(page.body(), StandardCharsets.UTF_8);
    }

    @Test
    void aVideoUrlIsRefusedWhileUrlImportIsOff() throws Exception {
        HttpResponse<byte[]> refused = client().send(client().request("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("""
                                {"model": "%s", "messages": [{"role": "user", "content": [
                                    {"type": "video_url", "video_url": {"url": "http://example.com/clip.mp4"}},
                                    {"type": "text", "text": "What is there?"}]}]}""".formatted(
                                client().get("/v1/models").at("/data/0/id").asString())))
                .build());

        JsonNode error = JsonMapper.shared().readTree(refused.body()).path("error");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(error.path("code").asString()).isEqualTo("url_import_off");
        assertThat(error.path("param").asString()).isEqualTo("messages[0].content[0].video_url.url");
        assertThat(error.path("message").asString()).isNotBlank();
    }

    @Test
    void officialOpenAiClientForPythonGetsAllItAsksFor() throws Exception {
        String python = given("SACCADE_TEST_OPENAI_PYTHON", "OpenAI's Python client could not be installed");
        passes(List.of(python, "client.py"), Map.of());
    }

    @Test
    void officialOpenAiClientForNodeGetsAllItAsksFor() throws Exception {
        String folder = given("SACCADE_TEST_OPENAI_NODE", "OpenAI's Node client could not be installed");
        passes(List.of("node", "client.mjs"), Map.of("OPENAI_PACKAGE", folder));
    }

    private static String given(String variable, String reason) {
        String value = System.getenv().getOrDefault(variable, "");
        if (value.isBlank()) {
            abort(reason + "; ./saccade test does so");
        }
        return value;
    }

    private void passes(List<String> program, Map<String, String> environment) throws Exception {
        Path output = Fixtures.emptyFolder("openai").resolve("output.txt");
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(
                Fixtures.clip().toAbsolutePath().toString(), Fixtures.QUESTION, Fixtures.REASONING, Fixtures.ANSWER));
        ProcessBuilder client = new ProcessBuilder(command)
                .directory(ModelOptions.home()
                        .resolve("quickstart/src/test/openai")
                        .toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        client.environment().putAll(environment);
        client.environment().put("OPENAI_BASE_URL", stack().address() + "/v1");
        client.environment().put("OPENAI_API_KEY", stack().key());
        Process running = client.start();

        boolean ended = running.waitFor(3, TimeUnit.MINUTES);
        running.destroyForcibly();
        assertThat(ended && running.exitValue() == 0)
                .as(Files.readString(output))
                .isTrue();
    }
}
