package dev.saccade.quickstart.evaluate;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.quickstart.runs.Journal;
import dev.saccade.quickstart.runs.Runner;
import dev.saccade.quickstart.runs.RunnerOptions;
import dev.saccade.quickstart.runs.StoppedException;
import dev.saccade.quickstart.stack.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Runs all questions of a folder and grades the answers. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Accuracy over a folder in the reference benchmark's layout.")
public final class EvaluateCommand implements Callable<Integer> {

    private static final int SOMETHING_TO_MEND = 2;

    @Parameters(paramLabel = "DIR", description = "Holds NAME/NAME_benchmark_qa_pairs.json and NAME/clips.")
    private Path folder = Path.of("");

    @Mixin
    private Settings settings = new Settings();

    @Mixin
    private RunnerOptions where = new RunnerOptions();

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Where report.html, report.json and journal.jsonl go; the same command goes on from there.")
    private @Nullable Path out;

    @Option(names = "--check", description = "Only say what is wrong with the benchmark's files, by file and line.")
    private boolean check;

    @Option(names = "--json", description = "Print scores and every row as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Benchmark benchmark = Benchmark.read(folder);
        if (check) {
            return check(benchmark);
        }
        benchmark.problems().forEach(problem -> System.err.println("saccade: not run: " + problem));
        if (benchmark.items().isEmpty()) {
            throw new UserError("nothing of " + folder + " can be asked: mend its files; --check lists what is wrong");
        }
        try {
            Evaluation evaluation = run(benchmark);
            if (out != null) {
                Files.writeString(out.resolve("report.json"), Json.pretty(evaluation) + "\n");
                Files.writeString(out.resolve("report.html"), EvaluationReport.of(evaluation));
            }
            System.out.println(json ? Json.pretty(evaluation) : evaluation.table());
            return benchmark.problems().isEmpty() ? 0 : SOMETHING_TO_MEND;
        } catch (StoppedException stopped) {
            System.err.println(
                    "saccade: stopped" + (out == null ? "" : "; run the same command again to go on where it stopped"));
            return StoppedException.EXIT_CODE;
        }
    }

    private int check(Benchmark benchmark) {
        List<Problem> problems = benchmark.problems();
        int questions = benchmark.items().size();
        if (json) {
            System.out.println(Json.pretty(
                    Json.MAPPER.createObjectNode().put("questions", questions).putPOJO("problems", problems)));
        } else {
            problems.forEach(System.out::println);
            System.out.println(questions + " questions can be asked, " + problems.size() + " problems");
        }
        return problems.isEmpty() ? 0 : SOMETHING_TO_MEND;
    }

    private Evaluation run(Benchmark benchmark) throws IOException {
        try (Runner runner = where.open(StopSignal.install())) {
            Evaluator evaluator = new Evaluator(settings, benchmark.items());
            ObjectNode asked = asked(benchmark, runner);
            try (Journal journal = out == null
                    ? Journal.none()
                    : Journal.open(out.resolve("journal.jsonl"), "evaluate", asked, evaluator::restore)) {
                evaluator.run(runner, journal);
            }
            return Evaluation.of(evaluator.rows(), benchmark.problems(), asked, evaluator.models());
        }
    }

    /** All that decides what is answered. */
    private ObjectNode asked(Benchmark benchmark, Runner runner) {
        return runner.settings()
                .put("benchmark", benchmark.digest())
                .put("answers", settings.mode.name().toLowerCase(Locale.ROOT))
                .put("temperature", settings.temperature)
                .put("seed", settings.seed)
                .put("max_tokens", settings.maxTokens)
                .put("fps", settings.fps)
                .put("retries", settings.retries);
    }
}
