package dev.saccade.quickstart.evaluate;

import dev.saccade.runtime.prompts.PromptSampling;
import dev.saccade.runtime.prompts.PromptVision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a benchmark is asked. The defaults are the reference benchmark's. */
final class Settings {

    private static final double TOP_P = 0.95;

    /** A try has so many tokens more, and so much more temperature, than the one before it. */
    private static final int MORE_TOKENS = 256;

    private static final double MORE_TEMPERATURE = 0.05;
    private static final double MOST_TEMPERATURE = 0.9;

    @Option(
            names = "--answers",
            paramLabel = "reasoning|letter",
            defaultValue = "REASONING",
            description =
                    "Whether the model thinks before it answers, or gives the letter at once (default: reasoning).")
    AnswerMode mode = AnswerMode.REASONING;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0.6",
            description = "0 is greedy (default: ${DEFAULT-VALUE}).")
    double temperature = 0.6;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    long seed = 1;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "1024",
            description = "Longest answer of the first try (default: ${DEFAULT-VALUE}).")
    int maxTokens = 1024;

    @Option(names = "--fps", paramLabel = "N", description = "Frames for each second of video (default: 4).")
    @Nullable
    Double fps;

    @Option(
            names = "--retries",
            paramLabel = "N",
            defaultValue = "10",
            description = "How often an empty answer is asked for again (default: ${DEFAULT-VALUE}).")
    int retries = 10;

    /** @param attempt 0 for the first try */
    PromptSampling sampling(int attempt) {
        boolean greedy = temperature == 0 && attempt == 0;
        double warmer = Math.min(temperature + MORE_TEMPERATURE * attempt, Math.max(temperature, MOST_TEMPERATURE));
        return new PromptSampling(
                attempt == 0 ? temperature : warmer,
                TOP_P,
                null,
                null,
                greedy ? 1.0 : null,
                null,
                null,
                seed,
                null,
                maxTokens + MORE_TOKENS * attempt,
                null,
                null);
    }

    PromptVision vision() {
        return new PromptVision(fps, null, null, null, null, null, null, null);
    }
}
