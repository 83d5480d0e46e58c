package dev.saccade.runtime.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.runtime.Engine;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.device.EngineTest;
import dev.saccade.runtime.device.TestDevice;
import dev.saccade.runtime.model.DemoModel;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Prompts of the catalogue that the demo model can answer, from their arguments to the parsed structure. */
@EngineTest
class DemoPromptsTest {

    private static Engine engine;

    @BeforeAll
    static void open() {
        engine = Engine.open(
                DemoModel.model(), TestDevice.options(EngineOptions.DEFAULT.withPrecision(Precision.FLOAT32)));
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "caption | motion/clips/motion_002.mp4 | {\"instruction\": \"Describe the video.\"}"
                        + " | {\"caption\":\"The blue triangle moves left.\"}",
                "question | driving/clips/driving_001.mp4 | {\"question\": \"Is it safe to turn right?\"}"
                        + " | {\"answer\":\"Yes, it is safe.\"}",
                "driving | driving/clips/driving_007.mp4 | {\"question\": \"Can we turn right now?\"}"
                        + " | {\"answer\":\"No, it is not safe.\"}",
                "robot | robot/clips/robot_002.mp4 | {\"question\": \"What should the robot do next?\"}"
                        + " | {\"answer\":\"Move down.\"}"
            })
    void answersAreStructures(String name, String clip, String arguments, String structure) {
        assertThat(ask(name, 1, clip, arguments).json()).isEqualTo(structure);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timing/clips/timing_001.mp4 | When does the ball hit the ground? | 1.0",
                "timing/clips/timing_005.mp4 | At what time does the white ball reach the ground? | 2.0"
            })
    void localisationGivesTheSecond(String clip, String question, double second) {
        JsonNode structure = structure(ask("temporal_localization", 1, clip, "{\"question\": \"" + question + "\"}"));

        assertThat(Segments.of(structure)).containsExactly(new Segment(second, second, null));
        assertThat(structure.get("problems")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"critic/clips/critic_003.mp4, true", "critic/clips/critic_007.mp4, false"})
    void theCriticTellsAnImpossibleClipFromAPossibleOne(String clip, boolean anomalies) {
        JsonNode structure = structure(ask("video_critic", 1, clip, "{}"));

        assertThat(structure.get("anomalies").booleanValue()).isEqualTo(anomalies);
        assertThat(structure.get("overview").stringValue()).contains("ball");
    }

    @ParameterizedTest
    @CsvSource({"multiple_choice, '\"question\": \"What should the robot do next?\",'", "next_action, ''"})
    void aChoiceIsOneOfTheOptionsWithTheProbabilityOfEach(String name, String more) {
        JsonNode structure = structure(ask(
                name,
                1,
                "robot/clips/robot_005.mp4",
                "{" + more + "\"options\": [\"Move down\", \"Lift the block\", \"Close the gripper\"]}"));

        assertThat(structure.get("option").stringValue()).isEqualTo("Close the gripper");
        List<Double> shares = structure
                .get("probabilities")
                .valueStream()
                .map(one -> one.get("probability").doubleValue())
                .toList();
        assertThat(shares).hasSize(3);
        assertThat(shares.stream().mapToDouble(share -> share).sum()).isCloseTo(1, within(1e-9));
        assertThat(shares.get(2)).isEqualTo(Collections.max(shares));
    }

    @Test
    void anAnswerThatIsNotOfTheFormSaysSo() {
        ParsedOutput parsed = ask("video_critic", 2, "critic/clips/critic_007.mp4", "{}");

        assertThat(parsed.structure()).isNull();
        assertThat(parsed.error()).contains("<answer>");
    }

    @Test
    void jsonIsConstrainedBehindTheReasoning() {
        ParsedOutput parsed = ask("temporal_caption", 2, "timing/clips/timing_001.mp4", "{}");

        assertThat(structure(parsed).get("segments").isArray()).isTrue();
    }

    private static JsonNode structure(ParsedOutput parsed) {
        assertThat(parsed.error()).isNull();
        return Objects.requireNonNull(parsed.structure());
    }

    private static ParsedOutput ask(String name, int version, String clip, String arguments) {
        Map<String, JsonNode> given = new HashMap<>();
        PromptJson.MAPPER.readTree(arguments).properties().forEach(one -> given.put(one.getKey(), one.getValue()));
        RenderedPrompt rendered =
                PromptCatalogue.find(name, version).orElseThrow().render(given, null);
        SamplingParameters greedy = SamplingParameters.greedy().toBuilder()
                .maxTokens(300)
                .logprobs(rendered.sampling().logprobs())
                .build();
        GenerationResult result = engine.submit(
                        rendered.request(
                                List.of(new Part.Video(DemoModel.clips().resolve(clip))), greedy),
                        GenerationListener.NONE)
                .result()
                .join();
        return PromptCatalogue.parse(
                rendered.contract(), WrittenOutput.of(result.completions().getFirst(), result));
    }
}
