package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.golden.GoldenTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

final class FrameSamplingTest {

    static Stream<JsonNode> cases() {
        return GoldenTensors.json("frame_sampling").valueStream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void choosesTheReferencesFrames(JsonNode example) {
        int total = example.get("total_frames").intValue();
        double fps = example.get("video_fps").doubleValue();
        VisionOptions options = VisionOptionsJson.read(example.get("options"));
        if (example.has("error")) {
            assertThatThrownBy(() -> FrameSampling.choose(total, fps, options)).isInstanceOf(EngineException.class);
            return;
        }
        List<Integer> expected = new ArrayList<>();
        example.get("indices").forEach(index -> expected.add(index.intValue()));
        FrameSampling sampling = FrameSampling.choose(total, fps, options);
        assertThat(sampling.indices()).isEqualTo(expected);
        assertThat(sampling.sampledFps()).isEqualTo(example.get("sampled_fps").doubleValue());
    }

    @Test
    void fourFramesEachSecondAreTheDefault() {
        assertThat(FrameSampling.choose(48, 24, VisionOptions.DEFAULT).indices())
                .isEqualTo(FrameSampling.choose(48, 24, VisionOptions.DEFAULT.withFps(4))
                        .indices())
                .hasSize(8);
    }

    @Test
    void aSingleFrameIsNoVideo() {
        assertThatThrownBy(() -> FrameSampling.choose(1, 30, VisionOptions.DEFAULT))
                .isInstanceOfSatisfying(
                        MediaException.class, e -> assertThat(e.code()).isEqualTo("media-too-short"));
    }

    @Test
    void moreFramesThanTheClipHasAreRefusedWithItsNumber() {
        VisionOptions options =
                new VisionOptions(null, 12, null, null, null, null, null, null, null, null, null, false);
        assertThatThrownBy(() -> FrameSampling.choose(10, 30, options))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("has 10 frames and 12 were asked for");
    }
}
