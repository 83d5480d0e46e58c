package dev.saccade.runtime.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.TokenLogprobs;
import dev.saccade.runtime.TokenLogprobs.Alternative;
import dev.saccade.runtime.text.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Outputs of the shapes that the model is published with, and broken ones, through the parsers of the catalogue. */
class OutputParserTest {

    private static final ClipSpan CLIP = new ClipSpan(0, 10);

    @Test
    void linesOfTimesBecomeSegments() {
        JsonNode structure = structure(parse("temporal_caption", 1, "{}", """
                <think>
                Two things happen.
                </think>

                <answer>
                <0.00> <2.50> The arm reaches for the cup.
                <00:02.50> <00:05> It lifts the cup: "slowly".
                5.25s - 7s: It puts the cup down.
                </answer>""", CLIP));

        assertThat(Segments.of(structure))
                .containsExactly(
                        new Segment(0, 2.5, "The arm reaches for the cup."),
                        new Segment(2.5, 5, "It lifts the cup: \"slowly\"."),
                        new Segment(5.25, 7, "It puts the cup down."));
        assertThat(structure.get("problems")).isEmpty();
    }

    @Test
    void timesAreClampedAndThoseInReverseAreReported() {
        JsonNode structure = structure(parse("temporal_caption", 1, "{}", """
                <8> <12> It goes on.
                <6> <4> It runs backwards.
                <11> <12> It is over.
                And then nothing.""", CLIP));

        assertThat(Segments.of(structure)).containsExactly(new Segment(8, 10, "It goes on."));
        assertThat(structure.get("problems").valueStream().map(JsonNode::stringValue))
                .hasSize(4)
                .anyMatch(problem -> problem.contains("12.00 s; the clip ends at 10.00 s"))
                .anyMatch(problem -> problem.contains("before it starts"))
                .anyMatch(problem -> problem.contains("after the clip's end"))
                .anyMatch(problem -> problem.contains("Line 4"));
    }

    @Test
    void timesOfAPartOfAClipAreMovedToTheClipsOwn() {
        JsonNode structure = structure(
                parse("temporal_localization", 2, "{\"event\": \"x\"}", "<1.00> <2.00>", new ClipSpan(20, 24)));

        assertThat(Segments.of(structure)).containsExactly(new Segment(21, 22, null));
    }

    @Test
    void jsonOfTimesBecomesSegmentsWhateverTheTimesAreWrittenAs() {
        JsonNode structure = structure(parse("temporal_caption", 2, "{}", """
                ```json
                [{"start": "00:01.50", "end": 3, "caption": "It turns."}, {"start": 0, "end": "1.5", "caption": "It waits."},
                 {"start": "soon", "end": 3, "caption": "?"}]
                ```""", CLIP));

        assertThat(Segments.of(structure))
                .containsExactly(new Segment(0, 1.5, "It waits."), new Segment(1.5, 3, "It turns."));
        assertThat(structure.get("problems").get(0).stringValue()).contains("Segment 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<1.25> <3.50> | 1.25 | 3.5",
                "From 00:01.25 to 00:03.50. | 1.25 | 3.5",
                "At 2.0 seconds. | 2 | 2",
                "Between 1s and 3s | 1 | 3"
            })
    void theFirstTwoTimesAreTheStretch(String answer, double start, double end) {
        JsonNode structure = structure(parse("temporal_localization", 2, "{\"event\": \"x\"}", answer, CLIP));

        assertThat(Segments.of(structure)).containsExactly(new Segment(start, end, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"It never happens.", "<5> <2>", "<99> <100>", "1:75"})
    void withoutAStretchThereIsNoStructure(String answer) {
        assertUnreadable(parse("temporal_localization", 2, "{\"event\": \"x\"}", answer, CLIP));
    }

    @Test
    void theCriticsTagsBecomeComponents() {
        JsonNode structure = structure(parse("video_critic", 2, "{}", """
                <think>
                <overview>A ball falls into a <box>.</overview>
                <component name="ball">
                <analysis>It stops in the air.</analysis>
                <anomaly>Yes</anomaly>
                </component>
                <component name="background"><analysis>Steady.</analysis><anomaly>No</anomaly></component>
                </think>
                <answer>
                Yes
                </answer>""", CLIP));

        assertThat(structure.get("anomalies").booleanValue()).isTrue();
        assertThat(structure.get("overview").stringValue()).isEqualTo("A ball falls into a <box>.");
        assertThat(structure
                        .get("components")
                        .valueStream()
                        .map(one -> one.get("name").stringValue()))
                .containsExactly("ball", "background");
        assertThat(structure.at("/components/0/anomaly").booleanValue()).isTrue();
    }

    @Test
    void unclosedTagsOfTheCriticAreLeftOut() {
        JsonNode structure = structure(parse(
                "video_critic",
                2,
                "{}",
                "<think><overview>Half <component name=\"a\"><analysis>x</analysis><anomaly>Yes"
                        + "<component name=\"b\"><analysis>y</analysis><anomaly>No</anomaly></component></think><answer>No</answer>",
                CLIP));

        assertThat(structure.has("overview")).isFalse();
        assertThat(structure.get("components")).hasSize(1);
        assertThat(structure.at("/components/0/name").stringValue()).isEqualTo("b");
        assertThat(structure.get("anomalies").booleanValue()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<think><overview>A</overview>", "<answer>Perhaps</answer>", "<answer>Yes", "Yes"})
    void aCriticWithoutAVerdictIsNotReadable(String text) {
        assertUnreadable(parse("video_critic", 2, "{}", text, CLIP));
    }

    @Test
    void numberedStepsBecomeAPlan() {
        JsonNode structure = structure(parse("action_plan", 1, "{\"goal\": \"Tea\"}", """
                <think>
                1. This is not the plan.
                </think>
                <answer>
                1. Reach for the pot
                Reasoning: It is full.
                Success: The hand holds it,
                firmly.
                Step 2: **Pour**
                - Reasoning: The cup is empty.
                - Success condition: The cup is full.
                </answer>""", null));

        assertThat(structure.at("/steps/0/action").stringValue()).isEqualTo("Reach for the pot");
        assertThat(structure.at("/steps/0/success_condition").stringValue()).isEqualTo("The hand holds it, firmly.");
        assertThat(structure.at("/steps/1/action").stringValue()).isEqualTo("Pour");
        assertThat(structure.at("/steps/1/success_condition").stringValue()).isEqualTo("The cup is full.");
    }

    @Test
    void jsonAnswersKeepToTheirSchemas() {
        String plan = "{\"steps\": [{\"reasoning\": \"r\", \"action\": \"a\", \"success_condition\": \"s\"}]}";
        String subjects = "[{\"subject_id\": 1, \"category\": \"car\", \"caption\": \"A red car.\"}]";
        String boxes = "[{\"bbox_2d\": [1, 2, 30, 40], \"label\": \"cup\"}]";
        String scene = """
                {"surroundings": {"place": "city", "weather": "rain", "light": "dusk", "road": "two lanes"}, "signals": [],
                 "participants": [{"kind": "bicycle", "position": "right", "motion": "ahead", "matters": true}],
                 "ego": {"motion": "slow", "intention": "turn"},
                 "decision": {"reasoning": "The cyclist goes first.", "action": "wait", "safe": false}}""";

        assertThat(structure(parse("action_plan", 2, "{\"goal\": \"x\"}", plan, null))
                        .get("steps"))
                .hasSize(1);
        assertThat(structure(parse("describe_subjects", 1, "{}", subjects, null)))
                .hasSize(1);
        assertThat(structure(parse("grounding", 1, "{\"target\": \"cups\"}", boxes, null)))
                .hasSize(1);
        assertThat(structure(parse("driving_scene", 1, "{}", scene, null))
                        .at("/decision/action")
                        .stringValue())
                .isEqualTo("wait");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not JSON",
                "[{\"bbox_2d\": [1, 2, 30], \"label\": \"cup\"}]",
                "[{\"bbox_2d\": [1, 2, 30, 40]}]",
                "{\"label\": \"cup\"}",
                "[{\"bbox_2d\": [1, 2, 3",
                ""
            })
    void jsonThatLeavesItsSchemaSaysWhere(String answer) {
        assertUnreadable(parse("grounding", 1, "{\"target\": \"cups\"}", answer, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "B | 1",
                "B. | 1",
                "(C) | 2",
                "The answer is A, because | 0",
                "lift. | 1",
                "Z or B | 1",
                "Because of C | 2"
            })
    void aLetterOrAnOptionsTextIsTheChoice(String answer, int index) {
        assertThat(structure(parse("next_action", 1, "{\"options\": [\"Wait\", \"Lift\", \"Drop\"]}", answer, null))
                        .get("index")
                        .intValue())
                .isEqualTo(index);
    }

    @Test
    void anAnswerThatNamesNoOptionIsNotReadable() {
        assertUnreadable(parse("next_action", 1, "{\"options\": [\"Wait\", \"Lift\"]}", "Perhaps D", null));
    }

    @Test
    void probabilitiesAreTheSharesOfTheOptionsLetters() {
        var output = new WrittenOutput(
                "<think>\nA?\n</think>\n\n<answer>\nB",
                "B",
                false,
                List.of(
                        new TokenLogprobs(1, "<think>\nA?\n</think>\n\n<answer>\n", -0.1, 1, List.of()),
                        new TokenLogprobs(
                                2,
                                "B",
                                Math.log(0.4),
                                1,
                                List.of(
                                        new Alternative(2, "B", Math.log(0.4)),
                                        new Alternative(3, "A", Math.log(0.1)),
                                        new Alternative(4, "Z", Math.log(0.5))))),
                null);
        JsonNode structure = structure(
                OutputParser.read(contract("next_action", 1, "{\"options\": [\"Wait\", \"Lift\", \"Drop\"]}"), output));

        assertThat(structure
                        .get("probabilities")
                        .valueStream()
                        .map(one -> Math.round(one.get("probability").doubleValue() * 100)))
                .containsExactly(20L, 80L, 0L);
    }

    @Test
    void anAnswerThatWasCutOffSaysSo() {
        var output = new WrittenOutput("[{\"bbox", "[{\"bbox", true, List.of(), null);

        assertThat(OutputParser.read(contract("grounding", 1, "{\"target\": \"x\"}"), output)
                        .error())
                .contains("cut off by max_tokens");
    }

    @Test
    void freeTextIsItsOwnStructure() {
        assertThat(structure(parse("anomaly_analysis", 1, "{}", "Nothing is wrong.", CLIP))
                        .get("analysis")
                        .stringValue())
                .isEqualTo("Nothing is wrong.");
        assertThat(structure(parse("prompt_upsampling", 1, "{\"prompt\": \"A cat\"}", "A cat sits.", null))
                        .get("prompt")
                        .stringValue())
                .isEqualTo("A cat sits.");
    }

    private static void assertUnreadable(ParsedOutput parsed) {
        assertThat(parsed.structure()).isNull();
        assertThat(parsed.error()).isNotBlank();
    }

    private static JsonNode structure(ParsedOutput parsed) {
        assertThat(parsed.error()).isNull();
        return Objects.requireNonNull(parsed.structure());
    }

    private static ParsedOutput parse(
            String name, int version, String arguments, String text, @Nullable ClipSpan clip) {
        return OutputParser.read(
                contract(name, version, arguments), new WrittenOutput(text, Tags.answer(text), false, List.of(), clip));
    }

    private static OutputContract contract(String name, int version, String arguments) {
        Map<String, JsonNode> given = new HashMap<>();
        PromptJson.MAPPER.readTree(arguments).properties().forEach(one -> given.put(one.getKey(), one.getValue()));
        return PromptCatalogue.find(name, version)
                .orElseThrow()
                .render(given, null)
                .contract();
    }
}
