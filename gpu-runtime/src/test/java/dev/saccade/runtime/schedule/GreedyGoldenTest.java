package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.device.EngineTest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Messages and pixels of the reference values go in, its greedy answers come out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EngineTest
@Tag(EngineTest.ON_BOTH_DEVICES)
class GreedyGoldenTest {

    private final GoldenEngine engine = new GoldenEngine(EngineOptions.DEFAULT.withPrecision(Precision.FLOAT32));

    @AfterAll
    void close() {
        engine.close();
    }

    static Stream<Arguments> prompts() {
        return GoldenEngine.prompts().stream()
                .map(prompt -> Arguments.of(Named.of(prompt.get("name").stringValue(), prompt)));
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void theGreedyAnswerEqualsTheReference(JsonNode prompt) {
        assertIsReference(submit(prompt).result().join(), prompt);
    }

    @Test
    void allPromptsAtOnceGiveTheSameAnswersAsAlone() {
        Map<JsonNode, Generation> together = new LinkedHashMap<>();
        GoldenEngine.prompts().forEach(prompt -> together.put(prompt, submit(prompt)));

        together.forEach(
                (prompt, generation) -> assertIsReference(generation.result().join(), prompt));
    }

    private Generation submit(JsonNode prompt) {
        return engine.submit(GoldenEngine.request(prompt, withMaxTokens(24)));
    }

    private static void assertIsReference(GenerationResult result, JsonNode prompt) {
        assertThat(result.text()).isEqualTo(prompt.get("greedy_text").stringValue());
        assertThat(result.usage().promptTokens()).isEqualTo(prompt.get("ids").size());
        assertThat(result.usage().completionTokens())
                .isEqualTo(prompt.get("greedy").size());
    }

    static SamplingParameters withMaxTokens(int maxTokens) {
        return SamplingParameters.greedy().toBuilder().maxTokens(maxTokens).build();
    }
}
