package dev.saccade.runtime.sampling;

import dev.saccade.runtime.SamplingParameters;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A mutable draft of sampling parameters, neutral to begin with, so that a test names only what it is about. */
final class SamplingParametersFixture {

    @Nullable
    Double temperature = 1.0;

    @Nullable
    Double topP = 1.0;

    @Nullable
    Integer topK = 0;

    @Nullable
    Double minP = 0.0;

    @Nullable
    Double repetitionPenalty = 1.0;

    @Nullable
    Double presencePenalty = 0.0;

    @Nullable
    Double frequencyPenalty = 0.0;

    @Nullable
    Long seed;

    @Nullable
    Integer maxTokens;

    @Nullable
    Integer minTokens;

    List<String> stop = List.of();
    Set<Integer> stopTokenIds = Set.of();
    boolean ignoreEos;
    Map<Integer, Double> logitBias = Map.of();

    static SamplingParameters with(Consumer<SamplingParametersFixture> change) {
        SamplingParametersFixture draft = new SamplingParametersFixture();
        change.accept(draft);
        return draft.build();
    }

    private SamplingParameters build() {
        return new SamplingParameters(
                temperature,
                topP,
                topK,
                minP,
                repetitionPenalty,
                presencePenalty,
                frequencyPenalty,
                seed,
                maxTokens,
                minTokens,
                stop,
                stopTokenIds,
                ignoreEos,
                logitBias);
    }
}
