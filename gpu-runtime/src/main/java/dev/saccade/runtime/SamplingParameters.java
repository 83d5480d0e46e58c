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
 * @param n answers to write; they share the reading of the prompt. Null is 1
 * @param maxTokens most tokens to generate; null takes what the context has room for, at most 4,096
 * @param minTokens no end of turn before so many tokens
 * @param thinkingTokenBudget most tokens between {@code <think>} and {@code </think>}; the end mark is then forced
 * @param stop strings that end the answer
 * @param stopTokenIds token ids that end the answer, beside the model's own
 * @param ignoreEos go on after the model's end-of-turn tokens
 * @param includeStop keep the stop string in the text
 * @param skipSpecialTokens leave special tokens out of the text
 * @param logitBias added to the logits of these token ids before anything else
 * @param allowedTokenIds only these may be written; empty allows all
 * @param badWords texts that are never written
 * @param logprobs report the log probability of each token written, and of so many likeliest ones; null reports none
 * @param promptLogprobs the same for the prompt's tokens
 * @param structuredOutput what the answer must look like, after the reasoning where there is one
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
        @Nullable Integer n,
        @Nullable Integer maxTokens,
        @Nullable Integer minTokens,
        @Nullable Integer thinkingTokenBudget,
        List<String> stop,
        Set<Integer> stopTokenIds,
        boolean ignoreEos,
        boolean includeStop,
        boolean skipSpecialTokens,
        Map<Integer, Double> logitBias,
        Set<Integer> allowedTokenIds,
        List<String> badWords,
        @Nullable Integer logprobs,
        @Nullable Integer promptLogprobs,
        @Nullable StructuredOutput structuredOutput) {

    /** The model's own defaults. */
    public static final SamplingParameters DEFAULT = new Builder().build();

    public SamplingParameters {
        stop = List.copyOf(stop);
        stopTokenIds = Set.copyOf(stopTokenIds);
        logitBias = Map.copyOf(logitBias);
        allowedTokenIds = Set.copyOf(allowedTokenIds);
        badWords = List.copyOf(badWords);
    }

    /** Greedy decoding: the likeliest token each time, no penalty. */
    public static SamplingParameters greedy() {
        return builder()
                .temperature(0.0)
                .topP(1.0)
                .topK(0)
                .minP(0.0)
                .repetitionPenalty(1.0)
                .presencePenalty(0.0)
                .frequencyPenalty(0.0)
                .build();
    }

    /** Answers to write, 1 unless more are asked for. */
    public int samples() {
        return n == null ? 1 : n;
    }

    /** Begins with the model's own defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** Begins with these parameters. */
    public Builder toBuilder() {
        return new Builder()
                .temperature(temperature)
                .topP(topP)
                .topK(topK)
                .minP(minP)
                .repetitionPenalty(repetitionPenalty)
                .presencePenalty(presencePenalty)
                .frequencyPenalty(frequencyPenalty)
                .seed(seed)
                .n(n)
                .maxTokens(maxTokens)
                .minTokens(minTokens)
                .thinkingTokenBudget(thinkingTokenBudget)
                .stop(stop)
                .stopTokenIds(stopTokenIds)
                .ignoreEos(ignoreEos)
                .includeStop(includeStop)
                .skipSpecialTokens(skipSpecialTokens)
                .logitBias(logitBias)
                .allowedTokenIds(allowedTokenIds)
                .badWords(badWords)
                .logprobs(logprobs)
                .promptLogprobs(promptLogprobs)
                .structuredOutput(structuredOutput);
    }

    /** Collects parameters by name; what isn't named stays the model's default. */
    public static final class Builder {
        private @Nullable Double temperature;
        private @Nullable Double topP;
        private @Nullable Integer topK;
        private @Nullable Double minP;
        private @Nullable Double repetitionPenalty;
        private @Nullable Double presencePenalty;
        private @Nullable Double frequencyPenalty;
        private @Nullable Long seed;
        private @Nullable Integer n;
        private @Nullable Integer maxTokens;
        private @Nullable Integer minTokens;
        private @Nullable Integer thinkingTokenBudget;
        private List<String> stop = List.of();
        private Set<Integer> stopTokenIds = Set.of();
        private boolean ignoreEos;
        private boolean includeStop;
        private boolean skipSpecialTokens = true;
        private Map<Integer, Double> logitBias = Map.of();
        private Set<Integer> allowedTokenIds = Set.of();
        private List<String> badWords = List.of();
        private @Nullable Integer logprobs;
        private @Nullable Integer promptLogprobs;
        private @Nullable StructuredOutput structuredOutput;

        private Builder() {}

        public Builder temperature(@Nullable Double temperature) {
            this.temperature = temperature;
            return this;
        }

        public Builder topP(@Nullable Double topP) {
            this.topP = topP;
            return this;
        }

        public Builder topK(@Nullable Integer topK) {
            this.topK = topK;
            return this;
        }

        public Builder minP(@Nullable Double minP) {
            this.minP = minP;
            return this;
        }

        public Builder repetitionPenalty(@Nullable Double repetitionPenalty) {
            this.repetitionPenalty = repetitionPenalty;
            return this;
        }

        public Builder presencePenalty(@Nullable Double presencePenalty) {
            this.presencePenalty = presencePenalty;
            return this;
        }

        public Builder frequencyPenalty(@Nullable Double frequencyPenalty) {
            this.frequencyPenalty = frequencyPenalty;
            return this;
        }

        public Builder seed(@Nullable Long seed) {
            this.seed = seed;
            return this;
        }

        public Builder n(@Nullable Integer n) {
            this.n = n;
            return this;
        }

        public Builder maxTokens(@Nullable Integer maxTokens) {
            this.maxTokens = maxTokens;
            return this;
        }

        public Builder minTokens(@Nullable Integer minTokens) {
            this.minTokens = minTokens;
            return this;
        }

        public Builder thinkingTokenBudget(@Nullable Integer thinkingTokenBudget) {
            this.thinkingTokenBudget = thinkingTokenBudget;
            return this;
        }

        public Builder stop(List<String> stop) {
            this.stop = stop;
            return this;
        }

        public Builder stopTokenIds(Set<Integer> stopTokenIds) {
            this.stopTokenIds = stopTokenIds;
            return this;
        }

        public Builder ignoreEos(boolean ignoreEos) {
            this.ignoreEos = ignoreEos;
            return this;
        }

        public Builder includeStop(boolean includeStop) {
            this.includeStop = includeStop;
            return this;
        }

        public Builder skipSpecialTokens(boolean skipSpecialTokens) {
            this.skipSpecialTokens = skipSpecialTokens;
            return this;
        }

        public Builder logitBias(Map<Integer, Double> logitBias) {
            this.logitBias = logitBias;
            return this;
        }

        public Builder allowedTokenIds(Set<Integer> allowedTokenIds) {
            this.allowedTokenIds = allowedTokenIds;
            return this;
        }

        public Builder badWords(List<String> badWords) {
            this.badWords = badWords;
            return this;
        }

        public Builder logprobs(@Nullable Integer logprobs) {
            this.logprobs = logprobs;
            return this;
        }

        public Builder promptLogprobs(@Nullable Integer promptLogprobs) {
            this.promptLogprobs = promptLogprobs;
            return this;
        }

        public Builder structuredOutput(@Nullable StructuredOutput structuredOutput) {
            this.structuredOutput = structuredOutput;
            return this;
        }

        public SamplingParameters build() {
            return new SamplingParameters(
                    temperature,
                    topP,
                    topK,
                    minP,
                    repetitionPenalty,
                    presencePenalty,
                    frequencyPenalty,
                    seed,
                    n,
                    maxTokens,
                    minTokens,
                    thinkingTokenBudget,
                    stop,
                    stopTokenIds,
                    ignoreEos,
                    includeStop,
                    skipSpecialTokens,
                    logitBias,
                    allowedTokenIds,
                    badWords,
                    logprobs,
                    promptLogprobs,
                    structuredOutput);
        }
    }
}
