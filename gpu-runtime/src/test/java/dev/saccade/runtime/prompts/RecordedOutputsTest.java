package dev.saccade.runtime.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.text.SystemPrompts;
import dev.saccade.runtime.text.Tags;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** One output for every version of every prompt, of the shape that the model writes: format, parser and schema. */
class RecordedOutputsTest {

    private static final ClipSpan CLIP = new ClipSpan(0, 10);

    /** @param prompt a file of the catalogue, without its ending */
    record Recorded(String prompt, Map<String, JsonNode> arguments, String output, JsonNode structure) {

        @Override
        public String toString() {
            return prompt;
        }

        Prompt found() {
            int at = prompt.indexOf(".v");
            return PromptCatalogue.find(prompt.substring(0, at), Integer.parseInt(prompt.substring(at + 2)))
                    .orElseThrow();
        }
    }

    static Stream<Recorded> recorded() throws IOException {
        try (InputStream json = Objects.requireNonNull(
                RecordedOutputsTest.class.getResourceAsStream("recorded-outputs.json"), "recorded-outputs.json")) {
            return PromptJson.MAPPER.readTree(json).valueStream().map(RecordedOutputsTest::read);
        }
    }

    private static Recorded read(JsonNode row) {
        Map<String, JsonNode> arguments = new HashMap<>();
        row.get("arguments").properties().forEach(one -> arguments.put(one.getKey(), one.getValue()));
        return new Recorded(
                row.get("prompt").stringValue(), arguments, row.get("output").stringValue(), row.get("structure"));
    }

    @Test
    void everyVersionOfEveryPromptHasARecordedOutput() throws IOException {
        List<String> catalogue = PromptCatalogue.all().stream()
                .map(prompt -> prompt.name() + ".v" + prompt.version())
                .toList();

        assertThat(recorded().map(Recorded::prompt)).containsExactlyInAnyOrderElementsOf(catalogue);
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void textsAreFilledAndAskForReasoningWhereThePromptDoes(Recorded recorded) {
        Prompt prompt = recorded.found();
        RenderedPrompt rendered = prompt.render(recorded.arguments(), null);

        assertThat(rendered.system() + rendered.user()).doesNotContain("{{", "}}", "\n\n\n");
        assertThat(rendered.system().contains(SystemPrompts.FORMAT)).isEqualTo(prompt.reasoning() == ReasoningUse.ON);
        assertThat(rendered.structuredOutput() != null)
                .as("decoding is constrained where the prompt says so")
                .isEqualTo(prompt.constrained());
        if (prompt.constrained() && prompt.parser() != ParserKind.LETTER) {
            assertThat(rendered.structuredOutput()).isInstanceOf(StructuredOutput.JsonSchema.class);
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void outputsBecomeStructuresThatKeepToTheSchema(Recorded recorded) {
        OutputContract contract =
                recorded.found().render(recorded.arguments(), null).contract();
        String text = recorded.output();

        ParsedOutput parsed =
                OutputParser.read(contract, new WrittenOutput(text, Tags.answer(text), false, List.of(), CLIP));

        assertThat(parsed.error()).isNull();
        JsonNode structure = Objects.requireNonNull(parsed.structure());
        assertThat(structure.equals(RecordedOutputsTest::compare, recorded.structure()))
                .as(structure.toString())
                .isTrue();
        assertThat(OutputSchemas.breach(Objects.requireNonNull(contract.schema()), structure))
                .isNull();
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void anOutputThatIsCutOffBeforeItsAnswerIsSaidToBe(Recorded recorded) {
        OutputContract contract =
                recorded.found().render(recorded.arguments(), null).contract();

        ParsedOutput parsed = OutputParser.read(contract, new WrittenOutput("<think>\nI", "", true, List.of(), CLIP));

        assertThat(parsed.structure()).isNull();
        assertThat(parsed.error()).contains("cut off by max_tokens");
    }

    /** 5 and 5.0 are the same number. */
    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }
}
