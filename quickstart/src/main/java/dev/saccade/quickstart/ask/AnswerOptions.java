package dev.saccade.quickstart.ask;

import dev.saccade.quickstart.cli.UserError;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.StructuredOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the answers have to look like, and how many of them there are. */
final class AnswerOptions {

    @Option(names = "--n", paramLabel = "N", description = "Answers to write, which share the reading of the clip.")
    private @Nullable Integer n;

    @Option(
            names = "--json-schema",
            paramLabel = "FILE|JSON",
            description = "The answer is JSON by this schema; see docs/structured-output.md.")
    private @Nullable String jsonSchema;

    @Option(names = "--regex", paramLabel = "PATTERN", description = "The answer matches this regular expression.")
    private @Nullable String regex;

    @Option(names = "--choice", paramLabel = "TEXT", description = "The answer is one of these; give it once for each.")
    private List<String> choices = new ArrayList<>();

    @Option(names = "--stop", paramLabel = "TEXT", description = "Ends the answer before this text; may be repeated.")
    private List<String> stops = new ArrayList<>();

    @Option(names = "--thinking-budget", paramLabel = "N", description = "Most tokens of the chain of thought.")
    private @Nullable Integer thinkingBudget;

    @Option(
            names = "--logprobs",
            paramLabel = "N",
            description = "Report how likely each token was, and the N likeliest ones in its place (0 to 20).")
    private @Nullable Integer logprobs;

    /** What is given here stands in the place of what {@code sampling} has. */
    SamplingParameters addTo(SamplingParameters sampling) {
        StructuredOutput form = structuredOutput();
        if (form != null && sampling.structuredOutput() != null) {
            throw new UserError(
                    "the prompt says what its answers look like: leave --json-schema, --regex and --choice out");
        }
        SamplingParameters.Builder all = sampling.toBuilder().stop(stops);
        if (n != null) {
            all.n(n);
        }
        if (form != null) {
            all.structuredOutput(form);
        }
        if (thinkingBudget != null) {
            all.thinkingTokenBudget(thinkingBudget);
        }
        if (logprobs != null) {
            all.logprobs(logprobs);
        }
        return all.build();
    }

    /** Prompts may ask for them for their own use. */
    boolean areLikelihoodsWanted() {
        return logprobs != null;
    }

    private @Nullable StructuredOutput structuredOutput() {
        List<StructuredOutput> given = new ArrayList<>();
        if (jsonSchema != null) {
            given.add(new StructuredOutput.JsonSchema(schema(jsonSchema)));
        }
        if (regex != null) {
            given.add(new StructuredOutput.Regex(regex));
        }
        if (!choices.isEmpty()) {
            given.add(new StructuredOutput.Choice(choices));
        }
        if (given.size() > 1) {
            throw new UserError("--json-schema, --regex and --choice exclude each other: give one of them");
        }
        return given.isEmpty() ? null : given.getFirst();
    }

    private static String schema(String fileOrJson) {
        String text = fileOrJson.strip();
        if (text.startsWith("{") || text.equals("true")) {
            return text;
        }
        try {
            return Files.readString(Path.of(fileOrJson));
        } catch (IOException | InvalidPathException e) {
            throw new UserError("there is no readable schema file " + fileOrJson, e);
        }
    }
}
