package dev.saccade.quickstart.demo;

import dev.saccade.quickstart.StartupException;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.demo.ProgressView.Stage;
import dev.saccade.quickstart.embedded.DataFolder;
import dev.saccade.quickstart.stack.Quickstart;
import dev.saccade.quickstart.stack.QuickstartOptions;
import dev.saccade.quickstart.stack.StartListener;
import dev.saccade.quickstart.stack.StopSignal;
import dev.saccade.quickstart.stack.UserConsole;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** Starts everything on a temporary folder, asks one question about a bundled clip over HTTP, and cleans up. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Starts everything on a temporary folder and asks one question about a bundled clip over HTTP.")
public final class DemoCommand implements Callable<Integer> {

    private static final String CLIP = "gpu-runtime/demo-clips/driving/clips/driving_001.mp4";
    private static final String QUESTION = "Is it safe to turn right?";
    private static final int INTERRUPTED = 130;

    @Mixin
    private ModelOptions model = new ModelOptions();

    private PrintStream out = System.out;

    @Override
    public Integer call() throws Exception {
        out = UserConsole.take();
        StopSignal stop = StopSignal.install();
        AbandonedDemos.remove();
        Path folder = Files.createTempDirectory(AbandonedDemos.PREFIX);
        try {
            return run(folder, stop);
        } catch (StartupException e) {
            if (stop.isRequested()) {
                // Ctrl-C reaches the programs that are being run, too: what failed is no news.
                return stopped();
            }
            System.err.println("saccade: " + e.getMessage());
            return 2;
        } catch (RuntimeException | IOException e) {
            System.err.println("saccade: the demo failed: " + e.getMessage());
            keepLog(folder);
            return 1;
        } finally {
            DataFolder.deleteTree(folder);
        }
    }

    private int run(Path folder, StopSignal stop) throws StartupException, IOException, InterruptedException {
        out.println("Saccade demo: the whole product in one process, on a temporary folder.");
        out.println();
        ProgressView view = ProgressView.on(out);
        Stopwatch watch = Stopwatch.sinceJvmStart();
        try (Quickstart quickstart = start(QuickstartOptions.throwaway(folder, model), view);
                ApiClient client = new ApiClient(quickstart.baseUri(), quickstart.apiKey())) {
            Duration started = watch.lap();
            Path clip = ModelOptions.home().resolve(CLIP);
            JsonNode video = upload(client, clip, view);
            Duration uploaded = watch.lap();
            JsonNode job = client.submit(Map.of(
                    "video", video.path("id").asString(),
                    "question", QUESTION,
                    "sampling", Map.of("temperature", 0, "repetition_penalty", 1)));
            Optional<JsonNode> ended = new JobWatch(client, view, stop)
                    .untilEnd(job.path("links").path("self").asString());
            if (ended.isEmpty()) {
                return stopped();
            }
            return report(ended.get(), TimeTable.of(started, uploaded, ended.get(), watch.total()));
        }
    }

    private int stopped() {
        out.println("Stopped; the temporary folder is deleted.");
        return INTERRUPTED;
    }

    private Quickstart start(QuickstartOptions options, ProgressView view) throws StartupException {
        try (Stage stage = view.stage("Start")) {
            AtomicInteger ready = new AtomicInteger();
            return Quickstart.start(
                    options,
                    step -> stage.update(ready.incrementAndGet(), StartListener.STEPS, step.title() + " ready"));
        }
    }

    private JsonNode upload(ApiClient client, Path clip, ProgressView view) throws IOException {
        long size = Files.size(clip);
        try (Stage stage = view.stage("Upload")) {
            return client.upload(
                    clip, sent -> stage.update(sent, size, clip.getFileName() + ", " + size / 1024 + " KB"));
        }
    }

    private int report(JsonNode job, TimeTable times) {
        out.println();
        JsonNode result = job.path("result");
        if (!job.path("state").asString().equals("succeeded")) {
            System.err.println("saccade: the job ended as " + job.path("state").asString() + ": "
                    + job.path("error").path("message").asString("no reason given"));
            return 1;
        }
        List.of(
                        "Question:  " + QUESTION,
                        "Reasoning: " + result.path("reasoning").asString(""))
                .forEach(out::println);
        out.println(emphasised("Answer:    " + result.path("answer").asString()));
        out.println();
        out.println("Where the time went:");
        out.print(times);
        out.println();
        out.print(model.isDemoModel() ? NEXT_AFTER_DEMO_MODEL : NEXT);
        return 0;
    }

    private static String emphasised(String text) {
        return ProgressView.isTerminal() && System.getenv("NO_COLOR") == null ? "\033[1m" + text + "\033[0m" : text;
    }

    private static final String NEXT_AFTER_DEMO_MODEL = """
            This was the bundled demo model. It has 5.4 million parameters and knows nothing but its own
            drawn toy world. Next:
              ./saccade serve                   keeps everything running and prints URL and API key
              ./saccade serve --model DIR       the same with a real model, e.g. a folder of Cosmos-Reason1-7B
              ./saccade ask clip.mp4 "What happens next?" --model DIR     one question, without services
            """;

    private static final String NEXT = """
            Next:
              ./saccade serve --model DIR       keeps everything running and prints URL and API key
            """;

    private static void keepLog(Path folder) throws IOException {
        Path log = folder.resolve("logs/saccade.log");
        if (Files.exists(log)) {
            Path kept = Files.createTempFile("saccade-demo-", ".log");
            Files.copy(log, kept, StandardCopyOption.REPLACE_EXISTING);
            System.err.println("saccade: the log is kept in " + kept);
        }
    }
}
