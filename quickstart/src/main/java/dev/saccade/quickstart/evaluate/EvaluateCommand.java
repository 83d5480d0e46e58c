package dev.saccade.quickstart.evaluate;

import dev.saccade.quickstart.ask.AskCommand;
import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.runtime.Engine;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.text.SystemPrompts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs all questions of a folder and grades the answers. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Accuracy over a folder in the reference benchmark's layout.")
public final class EvaluateCommand implements Callable<Integer> {

    /** The benchmark's own limits. */
    private static final int MAX_TOKENS = 1024;

    private static final long SEED = 1;

    /** Enough that clips are decoded while the engine is busy with others. */
    private static final int IN_FLIGHT = 2 * EngineOptions.DEFAULT.maxSequences();

    @Parameters(paramLabel = "DIR", description = "Holds NAME/NAME_benchmark_qa_pairs.json and NAME/clips.")
    private Path folder = Path.of("");

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(names = "--temperature", paramLabel = "T", description = "0 is greedy (default: the model's own).")
    private @Nullable Double temperature;

    @Option(names = "--json", description = "Print scores and every row as one JSON object.")
    private boolean json;

    private record Asked(Benchmark.Item item, Generation generation) {}

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new UserError("there is no folder " + folder);
        }
        List<Benchmark.Item> items = Benchmark.read(folder);
        Evaluation evaluation;
        try (Engine engine = model.open();
                ProgressBar bar = progressBar(items.size())) {
            evaluation = Evaluation.of(run(engine, items, bar));
        }
        System.out.println(json ? Json.pretty(evaluation) : evaluation.table());
        return 0;
    }

    private List<Evaluation.Row> run(Engine engine, List<Benchmark.Item> items, ProgressBar bar) {
        List<Evaluation.Row> rows = new ArrayList<>();
        Deque<Asked> asked = new ArrayDeque<>();
        for (Benchmark.Item item : items) {
            if (asked.size() == IN_FLIGHT) {
                rows.add(graded(asked.removeFirst()));
                bar.step();
            }
            asked.add(new Asked(item, engine.submit(request(item), GenerationListener.NONE)));
        }
        while (!asked.isEmpty()) {
            rows.add(graded(asked.removeFirst()));
            bar.step();
        }
        return rows;
    }

    private GenerationRequest request(Benchmark.Item item) {
        String name = item.video().toLowerCase(Locale.ROOT);
        boolean image = name.endsWith(".jpg") || name.endsWith(".jpeg") || name.endsWith(".png");
        Part media = image ? new Part.Image(item.file()) : new Part.Video(item.file());
        return new GenerationRequest(
                List.of(Message.system(SystemPrompts.REASONING), Message.user(media, new Part.Text(item.prompt()))),
                AskCommand.sampling(temperature, SEED, MAX_TOKENS),
                VisionOptions.DEFAULT,
                false);
    }

    /** A clip that can't be read is a wrong answer, not the end of the run. */
    private static Evaluation.Row graded(Asked asked) {
        Benchmark.Item item = asked.item();
        String answer = "";
        String text = "";
        try {
            GenerationResult result = asked.generation().result().join();
            text = result.text();
            answer = Grading.answer(item, result.answer());
        } catch (CompletionException failure) {
            if (!(failure.getCause() instanceof EngineException explained)) {
                throw failure;
            }
            System.err.println("saccade: " + item.video() + ": " + explained.getMessage());
        }
        return new Evaluation.Row(
                item.dataset(),
                item.video(),
                item.question(),
                item.answer(),
                answer,
                text,
                Grading.isCorrect(item, answer));
    }

    private static ProgressBar progressBar(int total) {
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName("evaluate")
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII);
        if (System.console() == null) {
            builder.setConsumer(new SilentBar());
        }
        return builder.build();
    }
}
