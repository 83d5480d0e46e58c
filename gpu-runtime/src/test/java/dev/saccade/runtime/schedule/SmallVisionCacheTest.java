package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.device.EngineTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Requests of all kinds against a cache that holds no more than the largest of them needs. */
@EngineTest
final class SmallVisionCacheTest {

    private static final int REQUESTS = 150;

    private static final EngineOptions OPTIONS = EngineOptions.DEFAULT.toBuilder()
            .precision(Precision.FLOAT32)
            .maxSequences(3)
            .kvCacheTokens(768)
            .computeThreads(2)
            .build();

    private static final List<JsonNode> PROMPTS = GoldenEngine.prompts();

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyRequestsAndCancelsEndWithTheSameAnswersAsAlone(boolean prefixCaching) {
        List<String> alone = new ArrayList<>();
        long largest = 0;
        long width = 0;
        try (GoldenEngine engine = new GoldenEngine(OPTIONS)) {
            for (JsonNode prompt : PROMPTS) {
                GenerationResult result =
                        engine.submit(request(prompt)).result().join();
                alone.add(result.text());
                int tokens = result.usage().visualTokens();
                if (width == 0 && tokens > 0) {
                    width = engine.mediaStatus().visionCacheBytes() / tokens;
                }
                largest = Math.max(largest, tokens * width);
            }
        }
        EngineOptions small = OPTIONS.toBuilder()
                .visionCacheBytes(largest)
                .prefixCaching(prefixCaching)
                .build();
        Random random = new Random(4);
        try (GoldenEngine engine = new GoldenEngine(small)) {
            List<Integer> kinds = new ArrayList<>();
            List<Generation> generations = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                int kind = random.nextInt(PROMPTS.size());
                kinds.add(kind);
                generations.add(engine.submit(request(PROMPTS.get(kind))));
                if (random.nextInt(4) == 0) {
                    generations.get(random.nextInt(generations.size())).cancel();
                }
            }
            for (int i = 0; i < REQUESTS; i++) {
                GenerationResult result = generations.get(i).result().join();
                if (result.finishReason() != FinishReason.CANCELLED) {
                    assertThat(result.text()).isEqualTo(alone.get(kinds.get(i)));
                }
            }
            await().until(() ->
                    engine.mediaStatus().requests() == 0 && engine.mediaStatus().patchBytes() == 0);
            assertThat(engine.mediaStatus().visionCacheBytes()).isLessThanOrEqualTo(largest);
        }
    }

    private static GenerationRequest request(JsonNode prompt) {
        return GoldenEngine.request(
                prompt, SamplingParameters.greedy().toBuilder().maxTokens(12).build());
    }
}
