package dev.saccade.runtime.bench;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.media.SyntheticClip;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link EngineBench} is to measure.
 *
 * @param shape name of the model's sizes in the result
 * @param model the checkpoint's folder
 * @param concurrency numbers of requests that decode together
 * @param promptTokens of each of them; raised to the chat template's own length where it is less
 * @param outputTokens of each of them, at least 2
 * @param seconds to spend on each part of the measuring, at least; two rounds are made however little it is
 * @param clip that is encoded
 * @param bare the limit of matrix products; null where it can't be measured
 * @param options of the engine; its numbers of sequences and cached tokens are raised to what is measured
 */
public record BenchSettings(
        String shape,
        Path model,
        List<Integer> concurrency,
        int promptTokens,
        int outputTokens,
        double seconds,
        SyntheticClip clip,
        @Nullable BareProducts bare,
        EngineOptions options) {

    /** Sequences at which the scheduler is measured. */
    static final int SCHEDULED = 64;

    private static final int MOST_CONCURRENCY = 1024;
    private static final int MOST_TOKENS = 65_536;

    public BenchSettings {
        concurrency = List.copyOf(concurrency);
        for (int requests : concurrency) {
            requireBetween(1, MOST_CONCURRENCY, "concurrency", requests);
        }
        requireBetween(1, MOST_TOKENS, "prompt tokens", promptTokens);
        requireBetween(2, MOST_TOKENS, "output tokens", outputTokens);
    }

    private static void requireBetween(int least, int most, String name, int value) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": " + value + "; give " + least + " to " + most);
        }
    }

    /** Sequences that must fit the engine at once. */
    int mostSequences() {
        return Math.max(
                SCHEDULED,
                concurrency.stream().mapToInt(Integer::intValue).max().orElse(1));
    }
}
