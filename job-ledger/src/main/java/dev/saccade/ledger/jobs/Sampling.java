package dev.saccade.ledger.jobs;

import dev.saccade.ledger.json.LedgerJson;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are chosen, with vLLM's names and meanings; null leaves the model's default.
 *
 * @param n answers to write
 * @param thinkingTokenBudget most tokens between {@code <think>} and {@code </think>}
 * @param structuredOutputs what each answer must look like
 */
public record Sampling(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double minP,
        @Nullable Double repetitionPenalty,
        @Nullable Double presencePenalty,
        @Nullable Double frequencyPenalty,
        @Nullable Long seed,
        @Nullable Integer n,
        @Nullable Integer maxTokens,
        @Nullable Integer minTokens,
        @Nullable Integer thinkingTokenBudget,
        @Nullable List<String> stop,
        @Nullable Set<Integer> stopTokenIds,
        @Nullable Boolean ignoreEos,
        @Nullable Boolean includeStopStrInOutput,
        @Nullable Boolean skipSpecialTokens,
        @Nullable Map<Integer, Double> logitBias,
        @Nullable Set<Integer> allowedTokenIds,
        @Nullable List<String> badWords,
        @Nullable Integer logprobs,
        @Nullable Integer promptLogprobs,
        @Nullable StructuredOutputs structuredOutputs) {

    /** The model's own defaults. */
    public static final Sampling DEFAULT = of("{}");

    public Sampling {
        stop = stop == null ? null : List.copyOf(stop);
        stopTokenIds = stopTokenIds == null ? null : Set.copyOf(stopTokenIds);
        logitBias = logitBias == null ? null : Map.copyOf(logitBias);
        allowedTokenIds = allowedTokenIds == null ? null : Set.copyOf(allowedTokenIds);
        badWords = badWords == null ? null : List.copyOf(badWords);
    }

    /** What stands in a JSON object with the names that the ledger's columns use. */
    public static Sampling of(String json) {
        return LedgerJson.read(json, Sampling.class);
    }
}
