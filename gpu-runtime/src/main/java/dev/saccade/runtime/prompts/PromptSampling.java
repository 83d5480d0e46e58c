package dev.saccade.runtime.prompts;

import dev.saccade.runtime.SamplingParameters;
import org.jspecify.annotations.Nullable;

/** How a prompt's answers are sampled unless a request says otherwise; a null leaves the model's default. See {@link SamplingParameters}. */
public record PromptSampling(
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
        @Nullable Integer thinkingTokenBudget,
        @Nullable Integer logprobs) {

    static final PromptSampling DEFAULT =
            new PromptSampling(null, null, null, null, null, null, null, null, null, null, null, null);

    /** As the engine takes it. */
    public SamplingParameters parameters() {
        return SamplingParameters.builder()
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
                .thinkingTokenBudget(thinkingTokenBudget)
                .logprobs(logprobs)
                .build();
    }
}
