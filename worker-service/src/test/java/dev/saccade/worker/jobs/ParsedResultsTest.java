package dev.saccade.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.jobs.PromptUse;
import dev.saccade.runtime.Completion;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.ModelInfo;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.TokenLogprobs;
import dev.saccade.runtime.prompts.PromptCatalogue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers to prompts become structures, or say why they don't. */
final class ParsedResultsTest {

    private static final ModelInfo MODEL = new ModelInfo("demo", "ab", 1000, 5);

    @Test
    void eachAnswerHasItsStructureOrWhatCouldNotBeRead() {
        var result = result("B", "Neither of them.");
        var outcome = ParsedResults.of(LedgerResults.from(result, MODEL, "1", null), result, use(false));

        assertThat(outcome.completions().get(0).parsed()).contains("\"letter\":\"B\"", "\"option\":\"Go on\"");
        assertThat(outcome.completions().get(0).parseError()).isNull();
        assertThat(outcome.completions().get(1).parsed()).isNull();
        assertThat(outcome.completions().get(1).parseError()).contains("none of the 2 options");
        assertThat(outcome.text()).isEqualTo("B");
    }

    @Test
    void logProbabilitiesThatOnlyThePromptAskedForAreNotKept() {
        var result = result("B", "A");
        var plain = LedgerResults.from(result, MODEL, "1", null);

        assertThat(ParsedResults.of(plain, result, use(false))
                        .completions()
                        .getFirst()
                        .logprobs())
                .isEmpty();
        assertThat(ParsedResults.of(plain, result, use(true))
                        .completions()
                        .getFirst()
                        .logprobs())
                .hasSize(1);
        assertThat(ParsedResults.of(plain, result, null)).isSameAs(plain);
    }

    private static PromptUse use(boolean keepLogprobs) {
        JsonNode options = JsonMapper.shared().readTree("[\"Wait\", \"Go on\"]");
        var contract = PromptCatalogue.find("next_action")
                .orElseThrow()
                .render(Map.of("options", options), null)
                .contract()
                .write();
        return new PromptUse("next_action", 1, false, "{}", contract, null, keepLogprobs);
    }

    private static GenerationResult result(String... texts) {
        return new GenerationResult(
                java.util.Arrays.stream(texts)
                        .map(text -> new Completion(
                                text,
                                null,
                                text,
                                FinishReason.STOP,
                                1,
                                List.of(new TokenLogprobs(1, text, -0.1, 1, List.of()))))
                        .toList(),
                new GenerationResult.Usage(3, 2, 0, 0),
                42,
                SamplingParameters.DEFAULT,
                List.of(),
                List.of(),
                new GenerationResult.Timings(1, 2, 3, 4, 5, 6, 7),
                List.of(),
                "ab");
    }
}
