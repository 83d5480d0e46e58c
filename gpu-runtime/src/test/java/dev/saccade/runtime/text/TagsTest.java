package dev.saccade.runtime.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class TagsTest {

    @Test
    void lettersAndReasoningAreTheReferences() {
        JsonNode rows = GoldenPrompts.json("answers.json");
        assertThat(rows.size()).isEqualTo(11);
        for (JsonNode row : rows) {
            String text = row.path("text").stringValue();
            assertThat(Tags.benchmarkLetter(text))
                    .as(text)
                    .isEqualTo(row.path("benchmark_letter").stringValue());
            assertThat(Tags.benchmarkReasoning(text))
                    .as(text)
                    .isEqualTo(row.path("benchmark_reasoning").stringValue());
            assertThat(Tags.firstLetter(text))
                    .as(text)
                    .isEqualTo(row.path("letter_mode").stringValue());
        }
    }

    static Stream<Arguments> outputs() {
        return Stream.of(
                arguments("<think>\na\n</think>\n\n<answer>\nYes.\n</answer>", "a", "Yes."),
                arguments("<think>a</think>C", "a", "C"),
                arguments("no tags", null, "no tags"),
                arguments(" spaces \n", null, "spaces"),
                arguments("", null, ""),
                arguments("<answer>B</answer>", null, "B"),
                arguments("<answer>B", null, "B"),
                arguments("<answer></answer>", null, ""),
                arguments("<think></think><answer>B</answer>", "", "B"),
                arguments("<think>cut off in the mid", "cut off in the mid", ""),
                arguments("<think>a</think><answer>cut o", "a", "cut o"),
                arguments("<think>a\n<answer>B</answer>", "a", "B"),
                arguments("<think>say </think> aloud</think>\n<answer>B</answer>", "say </think> aloud", "B"),
                arguments("<think>one </think> two</think> three", "one </think> two", "three"),
                arguments(
                        "<think>is <answer>A</answer> right?</think><answer>B</answer>",
                        "is <answer>A</answer> right?",
                        "B"),
                arguments("<think>a</think><answer>B</answer><answer>C</answer>", "a", "B"),
                arguments("<think>a</think><answer>B</answer>\n</think>\n<answer>C</answer>", "a", "B"),
                arguments("<answer>B</answer><think>late</think>", null, "B"),
                arguments("a</think>b", null, "a</think>b"));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void reasoningAndAnswerAreToldApart(String text, @Nullable String reasoning, String answer) {
        assertThat(Tags.reasoning(text)).isEqualTo(reasoning);
        assertThat(Tags.answer(text)).isEqualTo(answer);
    }
}
