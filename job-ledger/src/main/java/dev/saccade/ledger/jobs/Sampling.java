package dev.saccade.ledger.jobs;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How tokens are chosen, with the engine's names and meanings; null leaves the model's default. */
public record Sampling(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double minP,
        @Nullable Double repetitionPenalty,
        @Nullable Double presencePenalty,
        @Nullable Double frequencyPenalty,
        @Nullable Long seed,
        @Nullable Integer maxTokens,
        @Nullable Integer minTokens,
        @Nullable List<String> stop,
        @Nullable Set<Integer> stopTokenIds,
        @Nullable Boolean ignoreEos,
        @Nullable Map<Integer, Double> logitBias) {

    /** The model's own defaults. */
    public static final Sampling DEFAULT =
            new Sampling(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    public Sampling {
        stop = stop == null ? null : List.copyOf(stop);
        stopTokenIds = stopTokenIds == null ? null : Set.copyOf(stopTokenIds);
        logitBias = logitBias == null ? null : Map.copyOf(logitBias);
    }
}
