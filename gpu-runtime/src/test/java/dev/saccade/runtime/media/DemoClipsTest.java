package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.media.ClipFacts.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bundled clips: what the reference run saw of each. */
final class DemoClipsTest {

    private static final Path CLIPS = Path.of(System.getProperty("saccade.home"), "gpu-runtime", "demo-clips");

    private final MediaProbe probe = new MediaProbe(MediaLimits.DEFAULT);

    static Stream<JsonNode> clips() {
        return JsonMapper.shared()
                .readTree(CLIPS.resolve("reference.json").toFile())
                .get("rows")
                .valueStream();
    }

    @ParameterizedTest
    @MethodSource("clips")
    void theReferencesFramesAreChosen(JsonNode row) {
        ClipFacts facts = probe.probe(file(row));
        if (row.get("sampled_fps").isNull()) {
            assertThat(facts.kind()).isEqualTo(Kind.IMAGE);
            return;
        }
        List<Integer> expected = new ArrayList<>();
        row.get("indices").forEach(index -> expected.add(index.intValue()));
        FrameSampling sampling =
                FrameSampling.choose(Math.toIntExact(facts.frames()), facts.fps(), VisionOptions.DEFAULT);
        assertThat(sampling.indices()).isEqualTo(expected);
        assertThat(sampling.sampledFps()).isEqualTo(row.get("sampled_fps").doubleValue());
    }

    private static Path file(JsonNode row) {
        return CLIPS.resolve(row.get("dataset").stringValue())
                .resolve(row.get("video").stringValue());
    }
}
