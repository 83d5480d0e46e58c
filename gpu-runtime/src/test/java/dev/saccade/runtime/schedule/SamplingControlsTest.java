package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.Completion;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.TokenLogprobs;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.device.EngineTest;
import dev.saccade.runtime.text.SystemPrompts;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What requests say about their answers, through the whole engine. */
@EngineTest
class SamplingControlsTest {

    private static final EngineOptions OPTIONS = EngineOptions.DEFAULT.toBuilder()
            .precision(Precision.FLOAT32)
            .kvCacheTokens(1024)
            .computeThreads(2)
            .build();

    private static GenerationRequest request(String system, SamplingParameters sampling) {
        return new GenerationRequest(
                List.of(Message.system(system), Message.user(new Part.Text("Which shape moves to the left?"))),
                sampling,
                VisionOptions.DEFAULT,
                false);
    }

    @Test
    void promptTokensAreMeasuredWhateverIsCached() {
        try (GoldenEngine engine = new GoldenEngine(OPTIONS)) {
            SamplingParameters measured = SamplingParameters.greedy().toBuilder()
                    .maxTokens(2)
                    .promptLogprobs(2)
                    .build();

            GenerationResult first = engine.submit(request(SystemPrompts.PLAIN, measured))
                    .result()
                    .join();
            GenerationResult second = engine.submit(request(SystemPrompts.PLAIN, measured))
                    .result()
                    .join();

            assertThat(first.promptLogprobs()).hasSize(first.usage().promptTokens() - 1);
            assertThat(first.promptLogprobs()).allSatisfy(token -> {
                assertThat(token.logprob()).isNegative();
                assertThat(token.top()).hasSize(2);
                assertThat(token.rank() == 1)
                        .isEqualTo(token.token() == token.top().getFirst().token());
            });
            assertThat(first.promptLogprobs().stream().map(TokenLogprobs::text).reduce("", String::concat))
                    .contains("Which shape moves to the left?");
            assertThat(second.promptLogprobs()).isEqualTo(first.promptLogprobs());
        }
    }

    @Test
    void speculationChangesNoSampledAnswerUnderAnyControl() {
        SamplingParameters sampling = SamplingParameters.builder()
                .temperature(1.5)
                .topP(0.98)
                .repetitionPenalty(1.1)
                .frequencyPenalty(0.1)
                .seed(5L)
                .n(3)
                .maxTokens(120)
                .thinkingTokenBudget(20)
                .badWords(List.of("circle"))
                .logprobs(1)
                .structuredOutput(new StructuredOutput.JsonSchema(
                        "{\"properties\":{\"shape\":{\"enum\":[\"circle\",\"square\"]},\"times\":{\"type\":\"integer\","
                                + "\"minimum\":0,\"maximum\":9}},\"required\":[\"shape\",\"times\"]}"))
                .build();
        List<Completion> without =
                answers(OPTIONS.toBuilder().speculativeTokens(0).build(), sampling);
        List<Completion> with = answers(OPTIONS.toBuilder().speculativeTokens(4).build(), sampling);

        assertThat(with).isEqualTo(without);
        assertThat(with).allSatisfy(completion -> {
            assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(completion.answer()).matches("\\{\"shape\": ?\"(circle|square)\", ?\"times\": ?[0-9]}");
            assertThat(completion.reasoning()).isNotNull();
            assertThat(completion.logprobs()).hasSize(completion.tokens());
        });
        assertThat(with.stream().map(Completion::text).distinct()).hasSizeGreaterThan(1);
    }

    private static List<Completion> answers(EngineOptions options, SamplingParameters sampling) {
        try (GoldenEngine engine = new GoldenEngine(options)) {
            return engine.submit(request(SystemPrompts.REASONING, sampling))
                    .result()
                    .join()
                    .completions();
        }
    }

    @Test
    void anAnswerThatCanNotGoOnFailsAlone() {
        try (GoldenEngine engine = new GoldenEngine(OPTIONS)) {
            SamplingParameters impossible = SamplingParameters.greedy().toBuilder()
                    .allowedTokenIds(Set.of(717))
                    .stopTokenIds(Set.of(717))
                    .minTokens(3)
                    .build();
            Generation stuck = engine.submit(request(SystemPrompts.PLAIN, impossible));
            Generation sound = engine.submit(request(
                    SystemPrompts.PLAIN,
                    SamplingParameters.greedy().toBuilder().maxTokens(5).build()));

            assertThat(stuck.result())
                    .failsWithin(Duration.ofMinutes(1))
                    .withThrowableThat()
                    .withMessageContaining("leave no token to write after 0 tokens");
            assertThat(sound.result().join().usage().completionTokens()).isPositive();
        }
    }
}
