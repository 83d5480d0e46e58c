package dev.saccade.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Vision;
import dev.saccade.runtime.text.SystemPrompts;
import dev.saccade.worker.embedded.EmbeddedParts;
import dev.saccade.worker.jobs.LedgerWorld;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The program as it is deployed, on the real parts, with the real engine and the demo model. */
class WorkerApplicationTest {

    private static final Path RUNTIME = Path.of(System.getProperty("saccade.home"), "gpu-runtime");

    @TempDir
    private Path folder;

    @Test
    void clipFromTheStoreIsAnsweredAsTheReferenceAnswersIt() throws Exception {
        var world = LedgerWorld.shared();
        var reference = reference("driving");
        var clip = RUNTIME.resolve("demo-clips/driving")
                .resolve(reference.get("video").stringValue());
        try (var worker = start(RUNTIME.resolve("demo-model"))) {
            assertThat(readiness(worker)).isEqualTo(200);
            var video = world.upload(Files.readAllBytes(clip));
            var job = world.submit(question(video, reference.get("question").stringValue()));

            var result = world.awaitResult(job.id());

            assertThat(result.text()).isEqualTo(reference.get("text").stringValue());
            assertThat(result.answer()).isEqualTo(reference.get("answer").stringValue());
            assertThat(result.reasoning()).isNotEmpty();
            assertThat(result.finishReason()).isEqualTo("stop");
            assertThat(result.frames()).singleElement().satisfies(frames -> {
                assertThat(frames.kind()).isEqualTo("video");
                assertThat(frames.indices())
                        .isEqualTo(reference
                                .get("indices")
                                .valueStream()
                                .map(JsonNode::intValue)
                                .toList());
            });
            assertThat(result.visualTokens()).isPositive().isLessThan(result.promptTokens());
            assertThat(result.completionTokens()).isPositive();
            assertThat(result.timings().totalMillis()).isPositive();
            assertThat(result.sampling().temperature()).isZero();
            assertThat(result.modelName()).isEqualTo("demo-model");
            assertThat(result.modelFingerprint()).matches("[0-9a-f]{64}");
            assertThat(result.engineVersion()).matches("\\d+\\.\\d+.*");
        }
    }

    @Test
    void modelThatCannotBeRunEndsTheProgramWithOneLineAndExitCode2() throws Exception {
        var model = Files.createDirectory(folder.resolve("no-model"));
        var output = folder.resolve("output.txt");
        var process = new ProcessBuilder(command(model))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();

        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(Files.readAllLines(output, StandardCharsets.UTF_8))
                .filteredOn(line -> line.contains("The model can't be run"))
                .hasSize(1);
        assertThat(Files.readString(output, StandardCharsets.UTF_8)).doesNotContain("\tat dev.saccade");
    }

    private ConfigurableApplicationContext start(Path model) {
        return WorkerApplication.application().run(arguments(model).toArray(String[]::new));
    }

    private List<String> arguments(Path model) {
        var arguments = new ArrayList<>(EmbeddedParts.shared().arguments());
        arguments.add("--server.port=0");
        arguments.add("--saccade.worker.model=" + model);
        arguments.add("--saccade.worker.cache-dir=" + folder.resolve("cache"));
        arguments.add("--saccade.worker.slots=2");
        arguments.add("--saccade.worker.kv-cache-tokens=4096");
        return arguments;
    }

    private List<String> command(Path model) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var flags = List.of(
                java,
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                WorkerApplication.class.getName());
        return Stream.concat(flags.stream(), arguments(model).stream()).toList();
    }

    private static int readiness(ConfigurableApplicationContext worker) throws IOException, InterruptedException {
        var port = worker.getEnvironment().getRequiredProperty("local.server.port");
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness"))
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    private static JobRequest question(UUID video, String question) {
        var greedy = Sampling.of("{\"temperature\": 0}");
        return new JobRequest(
                List.of(
                        new RequestMessage("system", List.of(new ContentPart.Text(SystemPrompts.REASONING))),
                        new RequestMessage(
                                "user", List.of(new ContentPart.Video(video), new ContentPart.Text(question)))),
                greedy,
                Vision.DEFAULT,
                false);
    }

    private static JsonNode reference(String dataset) {
        return JsonMapper.shared()
                .readTree(RUNTIME.resolve("demo-clips/reference.json").toFile())
                .get("rows")
                .valueStream()
                .filter(row -> row.get("dataset").stringValue().equals(dataset))
                .findFirst()
                .orElseThrow();
    }
}
