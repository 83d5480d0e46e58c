package dev.saccade.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.StructuredOutput;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SamplingRulesTest {

    private static final SamplingParameters DEFAULTS = SamplingParametersFixture.with(draft -> {
        draft.temperature(0.6);
        draft.topP(0.95);
        draft.repetitionPenalty(1.05);
    });
    private static final SamplingRules RULES = new SamplingRules(DEFAULTS, 1000, 4096);

    @Test
    void nothingGivenIsTheModelsDefaults() {
        SamplingParameters resolved = RULES.resolve(SamplingParameters.DEFAULT);

        assertThat(resolved.temperature()).isEqualTo(0.6);
        assertThat(resolved.topP()).isEqualTo(0.95);
        assertThat(resolved.repetitionPenalty()).isEqualTo(1.05);
        assertThat(resolved.topK()).isZero();
        assertThat(resolved.minTokens()).isZero();
        assertThat(resolved.maxTokens()).isNull();
        assertThat(resolved.seed()).isNull();
    }

    @Test
    void whatIsGivenWins() {
        SamplingParameters given = SamplingParametersFixture.with(draft -> {
            draft.temperature(0.0);
            draft.topP(0.5);
            draft.seed(-3L);
            draft.maxTokens(4096);
            draft.minTokens(4096);
            draft.stop(List.of("\n"));
            draft.stopTokenIds(Set.of(999));
            draft.ignoreEos(true);
            draft.logitBias(Map.of(999, -100.0));
        });

        assertThat(RULES.resolve(given)).isEqualTo(given);
    }

    @Test
    void greedyKeepsNoneOfTheModelsPenalties() {
        assertThat(RULES.resolve(SamplingParameters.greedy()).repetitionPenalty())
                .isEqualTo(1.0);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("temperature", draft -> draft.temperature(Double.NaN)),
                refused("temperature", draft -> draft.temperature(-0.1)),
                refused("temperature", draft -> draft.temperature(Double.POSITIVE_INFINITY)),
                refused("temperature", draft -> draft.temperature(100.1)),
                refused("top_p", draft -> draft.topP(0.0)),
                refused("top_p", draft -> draft.topP(1.01)),
                refused("top_p", draft -> draft.topP(Double.NaN)),
                refused("top_k", draft -> draft.topK(-1)),
                refused("min_p", draft -> draft.minP(-0.1)),
                refused("min_p", draft -> draft.minP(1.1)),
                refused("min_p", draft -> draft.minP(Double.NaN)),
                refused("repetition_penalty", draft -> draft.repetitionPenalty(0.0)),
                refused("repetition_penalty", draft -> draft.repetitionPenalty(Double.POSITIVE_INFINITY)),
                refused("presence_penalty", draft -> draft.presencePenalty(2.1)),
                refused("presence_penalty", draft -> draft.presencePenalty(Double.NaN)),
                refused("frequency_penalty", draft -> draft.frequencyPenalty(-2.1)),
                refused("n", draft -> draft.n(0)),
                refused("n", draft -> draft.n(65)),
                refused("logprobs", draft -> draft.logprobs(21)),
                refused("logprobs", draft -> draft.logprobs(-1)),
                refused("prompt_logprobs", draft -> draft.promptLogprobs(21)),
                refused("thinking_token_budget", draft -> draft.thinkingTokenBudget(-1)),
                refused("allowed_token_ids", draft -> draft.allowedTokenIds(Set.of(1000))),
                refused("allowed_token_ids", draft -> draft.allowedTokenIds(Set.of(-1))),
                refused("bad_words", draft -> draft.badWords(List.of(" "))),
                refused("bad_words", draft -> draft.badWords(List.of("x".repeat(1001)))),
                refused("bad_words", draft -> draft.badWords(Collections.nCopies(257, "x"))),
                refused("structured output", "invalid-structured-output", draft -> {
                    draft.structuredOutput(new StructuredOutput.Choice(List.of("a")));
                    draft.ignoreEos(true);
                }),
                refused("structured output", "invalid-structured-output", draft -> {
                    draft.structuredOutput(new StructuredOutput.Choice(List.of("a")));
                    draft.minTokens(2);
                }),
                refused("max_tokens", draft -> draft.maxTokens(0)),
                refused("max_tokens", draft -> draft.maxTokens(-5)),
                refused("max_tokens", draft -> draft.maxTokens(4097)),
                refused("min_tokens", draft -> draft.minTokens(-1)),
                refused("min_tokens", draft -> {
                    draft.minTokens(11);
                    draft.maxTokens(10);
                }),
                refused("stop", draft -> draft.stop(List.of(""))),
                refused("stop", draft -> draft.stop(List.of("x".repeat(1001)))),
                refused("stop", draft -> draft.stop(Collections.nCopies(17, "x"))),
                refused("stop_token_ids", draft -> draft.stopTokenIds(Set.of(1000))),
                refused("stop_token_ids", draft -> draft.stopTokenIds(Set.of(-1))),
                refused(
                        "stop_token_ids",
                        draft -> draft.stopTokenIds(
                                IntStream.range(0, 257).boxed().collect(Collectors.toSet()))),
                refused("logit_bias", draft -> draft.logitBias(Map.of(1000, 1.0))),
                refused("logit_bias", draft -> draft.logitBias(Map.of(-1, 1.0))),
                refused("logit_bias", draft -> draft.logitBias(Map.of(1, Double.NaN))),
                refused("logit_bias", draft -> draft.logitBias(Map.of(1, 101.0))),
                refused(
                        "logit_bias",
                        draft -> draft.logitBias(
                                IntStream.range(0, 1025).boxed().collect(Collectors.toMap(id -> id, id -> 1.0)))));
    }

    private static Arguments refused(String field, Consumer<SamplingParameters.Builder> change) {
        return refused(field, "invalid-" + field.replace('_', '-'), change);
    }

    private static Arguments refused(String start, String code, Consumer<SamplingParameters.Builder> change) {
        return arguments(start, code, SamplingParametersFixture.with(change));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void aValueOutOfRangeIsNamed(String start, String code, SamplingParameters given) {
        assertThatThrownBy(() -> RULES.resolve(given)).isInstanceOfSatisfying(InvalidRequestException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e).hasMessageStartingWith(start + " ").hasMessageEndingWith(".");
        });
    }

    @Test
    void theMessageSaysWhatIsAllowed() {
        assertThatThrownBy(() -> SamplingRules.validate(SamplingParametersFixture.with(draft -> draft.topP(0.0))))
                .hasMessage("top_p is 0.0; give a number above 0, at most 1.");
        assertThatThrownBy(
                        () -> SamplingRules.validate(SamplingParametersFixture.with(draft -> draft.temperature(-1.0))))
                .hasMessage("temperature is -1.0; give a number from 0 to 100.");
    }
}
