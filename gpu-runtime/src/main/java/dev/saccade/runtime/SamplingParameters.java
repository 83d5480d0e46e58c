package dev.saccade.runtime;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the next token is chosen. Names and meanings are vLLM's; a null leaves the model's own default
 * ({@code generation_config.json}).
 *
 * @param temperature 0 is greedy; at most 100
 * @param topP nucleus: the smallest set of tokens whose probabilities reach this sum, in (0, 1]
 * @param topK only the k likeliest tokens; 0 takes all
 * @param minP drop tokens less likely than this share of the likeliest, in [0, 1]
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens seen in prompt or output
 * @param presencePenalty subtracted once from the logits of tokens seen in the output
 * @param frequencyPenalty subtracted for each occurrence in the output
 * @param seed makes sampling repeatable; null draws one, which the result reports
 * @param maxTokens most tokens to generate; null takes what the context has room for, at most 4,096
 * @param minTokens no end of turn before so many tokens
 * @param stop strings that end the answer and are left out of it
 * @param stopTokenIds token ids that end the answer, beside the model's own
 * @param ignoreEos go on after the model's end-of-turn tokens
 * @param logitBias added to the logits of these token ids before anything else
 */
public record SamplingParameters(
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
        List<String> stop,
        Set<Integer> stopTokenIds,
        boolean ignoreEos,
        Map<Integer, Double> logitBias) {

    /** The model's own defaults. */
    public static final SamplingParameters DEFAULT = new SamplingParameters(
            null, null, null, null, null, null, null, null, null, null, List.of(), Set.of(), false, Map.of());

    public SamplingParameters {
        stop = List.copyOf(stop);
        stopTokenIds = Set.copyOf(stopTokenIds);
        logitBias = Map.copyOf(logitBias);
    }

    /** Greedy decoding: the likeliest token each time, no penalty. */
    public static SamplingParameters greedy() {
        return new SamplingParameters(
                0.0, 1.0, 0, 0.0, 1.0, 0.0, 0.0, null, null, null, List.of(), Set.of(), false, Map.of());
    }
}
