package dev.saccade.runtime.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.ModelException;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.media.PreprocessorBounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultsTest {

    private static final VisionConfig VISION = new VisionConfig(4, 128, 340, 4, 3, 14, 2, 2, 56, 256, Set.of(1, 3), 2);

    @TempDir
    private Path dir;

    private SamplingParameters sampling(String json) throws IOException {
        Files.writeString(dir.resolve("generation_config.json"), json);
        return Defaults.sampling(dir);
    }

    @Test
    void withoutAFileTheModelCardsParametersHold() {
        SamplingParameters card = Defaults.sampling(dir);

        assertThat(List.of(card.temperature(), card.topP(), card.repetitionPenalty()))
                .containsExactly(0.6, 0.95, 1.05);
    }

    @Test
    void whatAFileLeavesOutIsNeutral() throws IOException {
        SamplingParameters neutral = sampling("{}");

        assertThat(List.of(neutral.temperature(), neutral.topP(), neutral.repetitionPenalty()))
                .containsExactly(1.0, 1.0, 1.0);
        assertThat(neutral.topK()).isZero();
    }

    @Test
    void aFileThatDoesNotSampleIsGreedy() throws IOException {
        SamplingParameters greedy =
                sampling("{\"do_sample\": false, \"temperature\": 0.7, \"top_k\": -1, \"repetition_penalty\": 1.1}");

        assertThat(greedy.temperature()).isZero();
        assertThat(greedy.topK()).isZero();
        assertThat(greedy.repetitionPenalty()).isEqualTo(1.1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"temperature\": -1}",
                "{\"temperature\": \"warm\"}",
                "{\"top_p\": 0}",
                "{\"top_p\": 1.5}",
                "{\"top_k\": -2}",
                "{\"repetition_penalty\": 0}",
                "{\"do_sample\": 1}"
            })
    void aValueOutOfRangeIsRefused(String json) {
        assertThatThrownBy(() -> sampling(json))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo("invalid-config"))
                .hasMessageStartingWith("generation_config.json: ");
    }

    @Test
    void newerPreprocessorFilesReadTheSame() throws IOException {
        Files.writeString(dir.resolve("processor_config.json"), """
                {"image_processor": {"size": {"shortest_edge": 3136, "longest_edge": 12544},
                 "image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6], "patch_size": 14}}
                """);

        PreprocessorBounds bounds = Defaults.preprocessor(dir, VISION);

        assertThat(bounds.minPixels()).isEqualTo(3136);
        assertThat(bounds.maxPixels()).isEqualTo(12544);
        assertThat(bounds.std()).containsExactly(0.4f, 0.5f, 0.6f);
        assertThat(bounds.mergeSize()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"min_pixels\": 9, \"max_pixels\": 8, \"image_mean\": [0, 0, 0], \"image_std\": [1, 1, 1]}",
                "{\"min_pixels\": 8, \"max_pixels\": 9, \"image_mean\": [0, 0], \"image_std\": [1, 1, 1]}",
                "{\"min_pixels\": 8, \"max_pixels\": 9, \"image_mean\": [0, 0, 0], \"image_std\": [1, 0, 1]}",
                "{\"max_pixels\": 9, \"image_mean\": [0, 0, 0], \"image_std\": [1, 1, 1]}"
            })
    void impossibleBoundsAreRefused(String json) throws IOException {
        Files.writeString(dir.resolve("preprocessor_config.json"), json);

        assertThatThrownBy(() -> Defaults.preprocessor(dir, VISION))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo("invalid-config"));
    }
}
