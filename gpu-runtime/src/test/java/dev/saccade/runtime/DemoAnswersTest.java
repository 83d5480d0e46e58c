package dev.saccade.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.saccade.runtime.device.EngineTest;
import dev.saccade.runtime.device.TestDevice;
import dev.saccade.runtime.model.DemoModel;
import dev.saccade.runtime.text.SystemPrompts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All demo clips from file to answer, several in flight, against the answers of the public Python implementation. */
@EngineTest
class DemoAnswersTest {

    /** A clip's question with what the reference answered, and what this engine is at. */
    private record Asked(JsonNode reference, Generation generation) {}

    @ParameterizedTest
    @CsvSource({"FLOAT32, 106", "BFLOAT16, 102"})
    void answersEqualTheReferenceOnNearlyAllClips(Precision precision, int atLeast) throws IOException {
        JsonNode reference =
                JsonMapper.shared().readTree(Files.readString(DemoModel.clips().resolve("reference.json")));
        Map<String, Integer> correct = new HashMap<>();
        List<String> different = new ArrayList<>();
        int total = 0;
        EngineOptions options = TestDevice.options(EngineOptions.DEFAULT.withPrecision(precision));
        assumeThat(options.precision()).as("a GPU computes in bf16 only").isEqualTo(precision);
        try (Engine engine = Engine.open(DemoModel.model(), options)) {
            List<Asked> asked = new ArrayList<>();
            for (JsonNode row : reference.get("rows")) {
                asked.add(new Asked(row, engine.submit(request(row), GenerationListener.NONE)));
            }
            for (Asked one : asked) {
                JsonNode row = one.reference();
                GenerationResult result = one.generation().result().join();
                assertThat(result.media().getFirst().indices()).isEqualTo(integers(row.get("indices")));
                total++;
                if (!result.answer().equals(text(row, "answer"))) {
                    different.add(text(row, "video") + ": " + result.text());
                }
                boolean right = normal(result.answer()).equals(normal(text(row, "expected")));
                correct.merge(text(row, "dataset"), right ? 1 : 0, Integer::sum);
            }
        }
        assertThat(total).isEqualTo(108);
        assertThat(different).hasSizeLessThanOrEqualTo(total - atLeast);
        reference
                .get("accuracy")
                .properties()
                .forEach(dataset -> assertThat(correct.get(dataset.getKey()))
                        .as("accuracy on %s", dataset.getKey())
                        .isBetween(
                                dataset.getValue().get(0).intValue() - 1,
                                dataset.getValue().get(0).intValue() + 1));
    }

    private static GenerationRequest request(JsonNode row) {
        Path file = DemoModel.clips().resolve(text(row, "dataset")).resolve(text(row, "video"));
        Part media = file.toString().endsWith(".mp4") ? new Part.Video(file) : new Part.Image(file);
        return new GenerationRequest(
                List.of(
                        Message.system(SystemPrompts.REASONING),
                        Message.user(media, new Part.Text(text(row, "question")))),
                SamplingParameters.greedy(),
                VisionOptions.DEFAULT,
                false);
    }

    private static String text(JsonNode row, String field) {
        return row.get(field).stringValue();
    }

    private static List<Integer> integers(JsonNode array) {
        List<Integer> values = new ArrayList<>();
        array.forEach(value -> values.add(value.intValue()));
        return values;
    }

    /** As the benchmark compares: trimmed, ignoring case and a final full stop. */
    private static String normal(String answer) {
        String trimmed = answer.strip().toLowerCase(Locale.ROOT);
        return trimmed.endsWith(".") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
    }
}
