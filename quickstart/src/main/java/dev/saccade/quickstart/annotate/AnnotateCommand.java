package dev.saccade.quickstart.annotate;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.quickstart.runs.Journal;
import dev.saccade.quickstart.runs.JsonLines;
import dev.saccade.quickstart.runs.PromptCalls;
import dev.saccade.quickstart.runs.PromptOptions;
import dev.saccade.quickstart.runs.Question;
import dev.saccade.quickstart.runs.Runner;
import dev.saccade.quickstart.runs.RunnerOptions;
import dev.saccade.quickstart.runs.StoppedException;
import dev.saccade.quickstart.stack.StopSignal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** Asks one prompt about every clip of a folder. */
@Command(
        name = "annotate",
        mixinStandardHelpOptions = true,
        description = "Asks one prompt about every clip below a folder, and writes a line of JSON for each.")
public final class AnnotateCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FOLDER", description = "Clips and images below it are annotated.")
    private Path folder = Path.of("");

    @Mixin
    private PromptOptions prompt = new PromptOptions();

    @Mixin
    private CriticOptions critic = new CriticOptions();

    @Mixin
    private RunnerOptions where = new RunnerOptions();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "A line of JSON for each clip. Clips that have one are not asked about again.")
    private Path out = Path.of("");

    @Option(
            names = "--reasoning",
            negatable = true,
            description = "With or without a chain of thought (default: the prompt's).")
    private @Nullable Boolean reasoning;

    @Option(names = "--temperature", paramLabel = "T", description = "0 is greedy (default: the prompt's).")
    private @Nullable Double temperature;

    @Option(names = "--seed", paramLabel = "N", description = "Makes sampled answers repeatable.")
    private @Nullable Long seed;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "Longest answer, the critic's too (default: the prompt's).")
    private @Nullable Integer maxTokens;

    @Override
    public Integer call() throws IOException {
        if (!prompt.isGiven()) {
            throw new UserError("say what to ask with --prompt, such as --prompt caption; docs/prompts.md lists all");
        }
        critic.check();
        SortedMap<String, Path> clips = ClipFolder.clips(folder);
        try (Runner runner = where.open(StopSignal.install())) {
            annotate(clips, runner);
            return 0;
        } catch (StoppedException stopped) {
            System.err.println("saccade: stopped; run the same command again to go on where it stopped");
            return StoppedException.EXIT_CODE;
        }
    }

    private void annotate(SortedMap<String, Path> clips, Runner runner) throws IOException {
        Question.Named wording = prompt.named(reasoning);
        Annotator annotator = new Annotator(wording, PromptCalls.sampling(temperature, seed, maxTokens), critic);
        Path journalFile = out.resolveSibling(out.getFileName() + ".journal");
        try (JsonLines lines = JsonLines.open(out, annotator::restoreLine);
                Journal journal =
                        Journal.open(journalFile, "annotate", asked(wording, runner), annotator::restoreJudgement)) {
            annotator.run(clips, runner, journal, lines);
        }
    }

    /** All that decides what is written. */
    private ObjectNode asked(Question.Named wording, Runner runner) throws IOException {
        ObjectNode settings = runner.settings()
                .put("folder", folder.toRealPath().toString())
                .put("prompt", wording.prompt())
                .put("version", wording.version())
                .put("reasoning", reasoning)
                .put("temperature", temperature)
                .put("seed", seed)
                .put("max_tokens", maxTokens);
        settings.set("arguments", Json.MAPPER.valueToTree(wording.arguments()));
        critic.describe(settings);
        return settings;
    }
}
