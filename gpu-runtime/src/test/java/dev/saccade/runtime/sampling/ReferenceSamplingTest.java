package dev.saccade.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Probabilities of {@code goldens/sampling.json}, to 1e-6. The reference's logits are double precision; what a float can't
 * hold of them goes into the bias.
 */
class ReferenceSamplingTest {

    @TestFactory
    Iterable<DynamicTest> probabilitiesAreTheReferences() throws IOException {
        try (InputStream in = ReferenceSamplingTest.class.getResourceAsStream("/goldens/sampling.json")) {
            JsonNode rows = new JsonMapper().readTree(Objects.requireNonNull(in));
            assertThat(rows.size()).isEqualTo(60);
            return rows.valueStream()
                    .map(row -> DynamicTest.dynamicTest(row.path("params").toString(), () -> compare(row)))
                    .toList();
        }
    }

    private static void compare(JsonNode row) {
        double[] scores = doubles(row.path("logits"));
        double[] expected = doubles(row.path("probabilities"));
        float[] logits = new float[scores.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) scores[i];
        }
        Candidates distribution = sampler(row, scores).distribution(logits);

        double[] found = new double[expected.length];
        for (int i = 0; i < distribution.chosen(); i++) {
            found[distribution.chosen(i)] += distribution.probability(i);
        }
        assertThat(found).containsExactly(expected, within(1e-6));
        for (int i = 0; i < found.length; i++) {
            if (expected[i] == 0) {
                // with top_p 1 the reference's rounding drops what is below 1e-16
                assertThat(found[i]).as("token %d is left out", i).isLessThan(1e-15);
            } else {
                assertThat(found[i]).as("token %d is kept", i).isPositive();
            }
        }
    }

    private static Sampler sampler(JsonNode row, double[] scores) {
        JsonNode params = row.path("params");
        Map<Integer, Double> bias = new HashMap<>();
        for (int i = 0; i < scores.length; i++) {
            bias.put(i, scores[i] - (float) scores[i]);
        }
        params.path("logit_bias")
                .properties()
                .forEach(entry -> bias.merge(
                        Integer.valueOf(entry.getKey()), entry.getValue().doubleValue(), Double::sum));
        Sampler sampler = new Sampler(
                SamplingParametersFixture.with(draft -> {
                    draft.temperature(params.path("temperature").doubleValue());
                    draft.topP(params.path("top_p").doubleValue());
                    draft.topK(params.path("top_k").intValue());
                    draft.minP(params.path("min_p").doubleValue());
                    draft.repetitionPenalty(params.path("repetition_penalty").doubleValue());
                    draft.presencePenalty(params.path("presence_penalty").doubleValue());
                    draft.frequencyPenalty(params.path("frequency_penalty").doubleValue());
                    draft.logitBias(bias);
                }),
                1,
                0,
                Set.of(),
                ints(row.path("prompt_tokens")),
                SamplingControls.NONE,
                new SamplerScratch(scores.length));
        int[] output = ints(row.path("output_tokens"));
        sampler.resume(output, output.length);
        return sampler;
    }

    private static double[] doubles(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
    }

    private static int[] ints(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::intValue).toArray();
    }
}
