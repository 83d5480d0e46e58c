package dev.saccade.quickstart.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.cli.SaccadeCli;
import dev.saccade.quickstart.embedded.DataFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The commands as processes: what they print, their exit codes, what they leave behind. */
class CommandLineTest {

    @TempDir
    Path temporary;

    @Test
    void demoPrintsReasoningAnswerAndTimesInPlainLinesAndLeavesNothing() throws Exception {
        try (JavaChild demo = run("demo")) {
            assertThat(demo.awaitExit()).as(demo.printed()).isZero();
            assertThat(demo.printed())
                    .contains("Question:  " + Fixtures.QUESTION)
                    .contains("Reasoning: " + Fixtures.REASONING)
                    .contains("Answer:    " + Fixtures.ANSWER)
                    .contains("Where the time went:")
                    .contains("demo model")
                    .doesNotContain("\033")
                    .doesNotContain("\r");
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.map(path -> path.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("saccade-demo"));
        }
    }

    @Test
    void takenPortIsOneLineAndExitCodeTwo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            try (JavaChild serve = run("serve", "--port", port, "--data", data())) {
                assertThat(serve.awaitExit()).isEqualTo(2);
                assertThat(messages(serve))
                        .singleElement()
                        .asString()
                        .contains("Port " + port)
                        .contains("--port");
            }
        }
    }

    @Test
    void folderInUseIsOneLineAndExitCodeTwo() throws Exception {
        try (DataFolder used = DataFolder.open(Path.of(data()));
                JavaChild serve =
                        run("serve", "--port", "0", "--data", used.root().toString())) {
            assertThat(serve.awaitExit()).isEqualTo(2);
            assertThat(messages(serve)).singleElement().asString().contains("in use by another Saccade");
        }
    }

    @Test
    void unwritableFolderIsOneLineAndExitCodeTwo() throws Exception {
        try (JavaChild serve = run("serve", "--port", "0", "--data", "/proc/saccade")) {
            assertThat(serve.awaitExit()).isEqualTo(2);
            assertThat(messages(serve))
                    .singleElement()
                    .asString()
                    .contains("can't be written")
                    .contains("--data");
        }
    }

    @Test
    void checkpointFolderThatLacksAFileIsOneLineAndExitCodeTwo() throws Exception {
        Path model = Files.createDirectories(temporary.resolve("model"));
        Files.copy(new ModelOptions().folder().resolve("config.json"), model.resolve("config.json"));
        try (JavaChild serve = run("serve", "--port", "0", "--data", data(), "--model", model.toString())) {
            assertThat(serve.awaitExit()).as(serve.printed()).isEqualTo(2);
            assertThat(messages(serve)).singleElement().asString().contains("preprocessor_config.json");
        }
    }

    @Test
    void aMadeCheckpointAnswersAndIsNotOverwritten() throws Exception {
        String folder = temporary.resolve("made").toString();
        try (JavaChild make = run("make-checkpoint", "--shape", "demo", "--layers", "2", folder)) {
            assertThat(make.awaitExit()).as(make.printed()).isZero();
            assertThat(make.printed()).contains("shape demo, 2 layers");
        }
        Path clip = ModelOptions.home().resolve("gpu-runtime/demo-clips/image/clips/image_000.jpg");
        try (JavaChild ask = run("ask", clip.toString(), "What is it?", "--model", folder, "--max-tokens", "4")) {
            assertThat(ask.awaitExit()).as(ask.printed()).isZero();
        }
        try (JavaChild again = run("make-checkpoint", "--shape", "demo", folder)) {
            assertThat(again.awaitExit()).isEqualTo(2);
            assertThat(messages(again)).singleElement().asString().contains("isn't empty");
        }
    }

    @Test
    void askPrintsSeveralConstrainedAnswersWithTheirLikelihood() throws Exception {
        String clip = ModelOptions.home()
                .resolve("gpu-runtime/demo-clips/image/clips/image_000.jpg")
                .toString();
        try (JavaChild ask = run(
                "ask",
                clip,
                "Is it red?",
                "--n",
                "3",
                "--choice",
                "yes",
                "--choice",
                "no",
                "--no-reasoning",
                "--logprobs",
                "2",
                "--json")) {
            assertThat(ask.awaitExit()).as(ask.printed()).isZero();
            JsonNode answer =
                    Json.MAPPER.readTree(ask.printed().substring(ask.printed().indexOf('{')));
            assertThat(answer.path("completions").size()).isEqualTo(3);
            for (JsonNode completion : answer.path("completions")) {
                assertThat(completion.path("answer").stringValue()).isIn("yes", "no");
                assertThat(completion.path("finish_reason").stringValue()).isEqualTo("stop");
                assertThat(completion.path("logprobs").size())
                        .isEqualTo(completion.path("tokens").intValue());
                assertThat(completion.path("logprobs").path(0).path("top").size())
                        .isEqualTo(2);
            }
        }
        try (JavaChild both = run("ask", clip, "Is it red?", "--choice", "yes", "--regex", "yes|no")) {
            assertThat(both.awaitExit()).isEqualTo(2);
            assertThat(messages(both)).singleElement().asString().contains("give one of them");
        }
    }

    @Test
    void askTakesAPromptByNameAndPrintsTheAnswersStructure() throws Exception {
        String clip = ModelOptions.home()
                .resolve("gpu-runtime/demo-clips/image/clips/image_001.jpg")
                .toString();
        String[] caption = {
            "ask",
            clip,
            "--prompt",
            "caption@1",
            "--arg",
            "instruction=Describe the image.",
            "--temperature",
            "0",
            "--max-tokens",
            "60"
        };
        try (JavaChild ask = run(caption)) {
            assertThat(ask.awaitExit()).as(ask.printed()).isZero();
            assertThat(ask.printed()).contains("Parsed: {\"caption\":\"From left to right");
        }
        try (JavaChild both = run("ask", clip, "What is it?", "--prompt", "caption")) {
            assertThat(both.awaitExit()).isEqualTo(2);
            assertThat(messages(both)).singleElement().asString().contains("not both");
        }
        try (JavaChild wrong = run("ask", clip, "--prompt", "video_critic")) {
            assertThat(wrong.awaitExit()).isEqualTo(2);
            assertThat(messages(wrong)).singleElement().asString().contains("takes videos only");
        }
    }

    @Test
    void benchPrintsTheFiguresThatOtherProgramsRead() throws Exception {
        Map<String, String> environment = Map.of("XDG_CACHE_HOME", temporary.toString());
        try (JavaChild bench = JavaChild.start(
                SaccadeCli.class.getName(),
                environment,
                "bench",
                "engine",
                "--shape=demo",
                "--layers=1",
                "--concurrency=1,2",
                "--output-tokens=8",
                "--seconds=0",
                "--video=64x48x2",
                "--json")) {
            assertThat(bench.awaitExit()).as(bench.printed()).isZero();
            JsonNode json = Json.MAPPER.readTree(
                    bench.printed().substring(bench.printed().indexOf('{')));
            assertThat(json.propertyNames())
                    .contains("shape", "layers", "results", "prefill", "vision", "repeat", "scheduler_us_per_step");
            assertThat(json.path("results").get(1).propertyNames())
                    .contains("concurrency", "tokens_per_s", "ttft_ms", "inter_token_ms", "bandwidth_ratio");
            assertThat(json.path("prefill").propertyNames()).contains("tokens_per_s", "ratio");
            assertThat(json.path("vision").propertyNames()).contains("ratio");
            assertThat(json.path("repeat").propertyNames()).contains("first_ttft_ms", "second_ttft_ms");
        }
        assertThat(temporary.resolve("saccade/random-checkpoints/demo-1-layers"))
                .isDirectory();
    }

    @Test
    void aCheckpointThatIsInterruptedLeavesNothing() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("checkpoints"));
        try (JavaChild make =
                run("make-checkpoint", "--shape", "3b", folder.resolve("made").toString())) {
            await().atMost(Duration.ofMinutes(1)).until(() -> begun(folder));
            make.terminate();
        }
        assertThat(folder).isEmptyDirectory();
    }

    private static boolean begun(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".safetensors"));
        }
    }

    private String data() {
        return temporary.resolve("data").toString();
    }

    private JavaChild run(String... arguments) throws Exception {
        return JavaChild.start(
                SaccadeCli.class.getName(), Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary), arguments);
    }

    /** What the command itself said, without the JVM's own remarks. */
    static Stream<String> messages(JavaChild child) throws Exception {
        return child.printed().lines().filter(line -> line.startsWith("saccade:") || line.startsWith("\tat"));
    }
}
