package dev.saccade.runtime.sampling;

import dev.saccade.runtime.SamplingParameters;
import java.util.function.Consumer;

/** Sampling parameters that change nothing, so that a test names only what it is about. */
final class SamplingParametersFixture {

    private SamplingParametersFixture() {}

    static SamplingParameters with(Consumer<SamplingParameters.Builder> change) {
        SamplingParameters.Builder draft =
                SamplingParameters.greedy().toBuilder().temperature(1.0).n(1);
        change.accept(draft);
        return draft.build();
    }
}
