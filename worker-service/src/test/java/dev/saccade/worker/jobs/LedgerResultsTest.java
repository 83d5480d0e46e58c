package dev.saccade.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.jobs.JobOrigin;
import dev.saccade.ledger.jobs.StructuredOutputs;
import dev.saccade.runtime.Completion;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.ModelInfo;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.TokenLogprobs;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class LedgerResultsTest {

    private static final ModelInfo MODEL = new ModelInfo("demo", "ab", 1024, 1);
    private static final TokenLogprobs TOKEN =
            new TokenLogprobs(7, "yes", -0.5, 1, List.of(new TokenLogprobs.Alternative(8, "no", -1.5)));

    @Test
    void everyAnswerIsKeptWithItsLogProbabilities() {
        var outcome = LedgerResults.from(result(List.of(TOKEN)), MODEL, "1", null);

        assertThat(outcome.answer()).isEqualTo("yes");
        assertThat(outcome.completions()).hasSize(2);
        assertThat(outcome.completions()
                        .get(0)
                        .logprobs()
                        .getFirst()
                        .top()
                        .getFirst()
                        .text())
                .isEqualTo("no");
        assertThat(outcome.completions().get(1).finishReason()).isEqualTo("length");
        assertThat(outcome.promptLogprobs().getFirst().token()).isEqualTo(7);
        assertThat(outcome.warnings()).isEmpty();
    }

    @Test
    void parametersInForceAreAllKept() {
        var sampling = LedgerResults.from(result(List.of()), MODEL, "1", null).sampling();

        assertThat(sampling.n()).isEqualTo(2);
        assertThat(sampling.thinkingTokenBudget()).isEqualTo(9);
        assertThat(sampling.includeStopStrInOutput()).isTrue();
        assertThat(sampling.skipSpecialTokens()).isFalse();
        assertThat(sampling.allowedTokenIds()).containsExactly(5);
        assertThat(sampling.badWords()).containsExactly("damn");
        assertThat(sampling.logprobs()).isEqualTo(1);
        assertThat(sampling.promptLogprobs()).isEqualTo(0);
        assertThat(sampling.structuredOutputs()).isEqualTo(new StructuredOutputs(null, "yes|no", null));
    }

    @Test
    void promptsLogProbabilitiesThatFitNoRowAreLeftOutWithAWarning() {
        var outcome = LedgerResults.from(result(Collections.nCopies(125_001, TOKEN)), MODEL, "1", null);

        assertThat(outcome.promptLogprobs()).isEmpty();
        assertThat(outcome.warnings().getFirst()).contains("250000");
    }

    @Test
    void rerunOnAnotherModelOrEngineSaysSo() {
        var first = LedgerResults.from(result(List.of()), MODEL, "1", null);
        var origin = JobOrigin.rerun(UUID.randomUUID(), first);
        var other = new JobOrigin(JobOrigin.Kind.RERUN, origin.jobId(), "cd", "0.9");

        assertThat(LedgerResults.from(result(List.of()), MODEL, "1", origin).warnings())
                .isEmpty();
        assertThat(LedgerResults.from(result(List.of()), MODEL, "1", other).warnings())
                .hasSize(2)
                .first()
                .asString()
                .contains("another model", "ab", "cd");
    }

    private static GenerationResult result(List<TokenLogprobs> prompt) {
        var sampling = SamplingParameters.builder()
                .n(2)
                .thinkingTokenBudget(9)
                .includeStop(true)
                .skipSpecialTokens(false)
                .allowedTokenIds(Set.of(5))
                .badWords(List.of("damn"))
                .logprobs(1)
                .promptLogprobs(0)
                .structuredOutput(new StructuredOutput.Regex("yes|no"))
                .build();
        return new GenerationResult(
                List.of(
                        new Completion("yes", null, "yes", FinishReason.STOP, 1, List.of(TOKEN)),
                        new Completion("no", null, "no", FinishReason.LENGTH, 1, List.of())),
                new GenerationResult.Usage(3, 2, 0, 0),
                42,
                sampling,
                List.of(),
                prompt,
                new GenerationResult.Timings(1, 2, 3, 4, 5, 6, 7),
                List.of(),
                "ab");
    }
}
