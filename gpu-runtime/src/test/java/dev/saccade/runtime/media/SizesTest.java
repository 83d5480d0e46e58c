package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.golden.GoldenTensors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

final class SizesTest {

    private static final PreprocessorBounds UNBOUNDED = bounds(1, Long.MAX_VALUE);

    static Stream<JsonNode> images() {
        return GoldenTensors.json("sizes").get("image").valueStream();
    }

    static Stream<JsonNode> videos() {
        return GoldenTensors.json("sizes").get("video").valueStream();
    }

    @ParameterizedTest
    @MethodSource("images")
    void imagesGetTheReferencesSize(JsonNode example) {
        double min = example.get("min_pixels").doubleValue();
        double max = example.get("max_pixels").doubleValue();
        assertSize(example, 0, () -> Sizes.fit(height(example), width(example), min, max));
    }

    @ParameterizedTest
    @MethodSource("videos")
    void framesGetTheReferencesSize(JsonNode example) {
        VisionOptions options = VisionOptionsJson.read(example.get("options"));
        int frames = example.get("frames").intValue();
        assertSize(example, Sizes.CELL, () -> Sizes.video(frames, height(example), width(example), options, UNBOUNDED));
    }

    @Test
    void longStripsUnderASmallMaximumGetOneRowOfTokens() {
        assertThat(Sizes.video(8, 50, 2500, VisionOptions.DEFAULT, bounds(3136, 12_544)))
                .isEqualTo(new Sizes.Size(28, 448));
    }

    @Test
    void theCheckpointsBoundsNarrowEveryRule() {
        PreprocessorBounds demo = bounds(3136, 12_544);
        assertThat(Sizes.video(8, 224, 224, VisionOptions.DEFAULT, demo)).isEqualTo(new Sizes.Size(112, 112));
        assertThat(Sizes.image(224, 224, VisionOptions.DEFAULT, demo)).isEqualTo(new Sizes.Size(112, 112));
        assertThat(Sizes.video(8, 560, 1008, VisionOptions.DEFAULT, demo).pixels())
                .isLessThanOrEqualTo(12_544);
    }

    @Test
    void givenSidesAreRoundedToWholeTokens() {
        VisionOptions options =
                new VisionOptions(null, null, null, null, null, null, null, 300, 410, null, null, false);
        assertThat(Sizes.video(8, 1080, 1920, options, UNBOUNDED)).isEqualTo(new Sizes.Size(308, 420));
    }

    @Test
    void thinStripsAreRefused() {
        assertThatThrownBy(() -> Sizes.image(1, 201, VisionOptions.DEFAULT, UNBOUNDED))
                .isInstanceOf(MediaException.class)
                .hasMessageContaining("201 x 1");
    }

    /** {@code least}: what stands for a side of which the reference leaves nothing. */
    private static void assertSize(JsonNode example, int least, Supplier<Sizes.Size> size) {
        if (example.has("error")) {
            assertThatThrownBy(size::get).isInstanceOf(EngineException.class);
            return;
        }
        int height = Math.max(least, example.get("resized").get(0).intValue());
        int width = Math.max(least, example.get("resized").get(1).intValue());
        assertThat(size.get()).isEqualTo(new Sizes.Size(height, width));
    }

    private static int height(JsonNode example) {
        return example.get("height").intValue();
    }

    private static int width(JsonNode example) {
        return example.get("width").intValue();
    }

    private static PreprocessorBounds bounds(long min, long max) {
        PreprocessorBounds cosmos = PreprocessorBounds.COSMOS_REASON1;
        return new PreprocessorBounds(min, max, cosmos.mean(), cosmos.std(), 14, 2, 2);
    }
}
