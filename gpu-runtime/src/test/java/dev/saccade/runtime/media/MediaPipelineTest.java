package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MediaPipelineTest {

    private static final Path CLIPS = Path.of(System.getProperty("saccade.home"), "gpu-runtime", "demo-clips");
    private static final Path CLIP = CLIPS.resolve("motion/clips/motion_000.mp4");
    private static final Path PICTURE = CLIPS.resolve("image/clips/image_000.jpg");

    /** The demo model's: at most 112 x 112. */
    private static final PreprocessorBounds SMALL = new PreprocessorBounds(
            3136, 12_544, PreprocessorBounds.COSMOS_REASON1.mean(), PreprocessorBounds.COSMOS_REASON1.std(), 14, 2, 2);

    private final MediaPipeline pipeline = new MediaPipeline(MediaLimits.DEFAULT, SMALL);

    @Test
    void aClipBecomesPatchesOfItsSampledFrames() {
        PreparedMedia clip = prepare(new Part.Video(CLIP), VisionOptions.DEFAULT);
        assertThat(clip.kind()).isEqualTo("video");
        assertThat(clip.gridH()).isEqualTo(8);
        assertThat(clip.gridW()).isEqualTo(8);
        assertThat(clip.gridT() * 2).isEqualTo(clip.used().indices().size());
        assertThat(clip.patches()).hasSize(clip.gridT() * 64 * Patches.ROW);
        assertThat(clip.secondsPerGrid()).isCloseTo(2 / clip.used().sampledFps(), within(1e-12));
        assertThat(clip.used().visualTokens()).isEqualTo(clip.gridT() * 16);
        assertThat(clip.used().seconds().getLast())
                .isCloseTo(clip.used().indices().getLast() / 24.0, within(1e-9));
        assertThat(clip.warnings()).isEmpty();
    }

    @Test
    void timestampsAddARowOfTokens() {
        PreparedMedia clip = prepare(new Part.Video(CLIP), VisionOptions.DEFAULT.withTimestamps(true));
        assertThat(clip.used().height()).isEqualTo(140);
        assertThat(clip.gridH()).isEqualTo(10);
    }

    @Test
    void fiveFramesEachSecondBringAWarning() {
        PreparedMedia clip = prepare(new Part.Video(CLIP), VisionOptions.DEFAULT.withFps(8));
        assertThat(clip.warnings()).singleElement().asString().contains("share a time position");
    }

    @Test
    void anImageFillsOneTemporalPatch() {
        PreparedMedia image = prepare(new Part.Image(PICTURE), VisionOptions.DEFAULT);
        assertThat(image.kind()).isEqualTo("image");
        assertThat(image.gridT()).isEqualTo(1);
        assertThat(image.secondsPerGrid()).isZero();
        assertThat(image.used().indices()).containsExactly(0);
        int plane = Patches.SIDE * Patches.SIDE;
        for (int i = 0; i < plane; i++) {
            assertThat(image.patches()[i]).isEqualTo(image.patches()[plane + i]);
        }
    }

    @Test
    void framesThatAnEditListCutsOffDoNotCount(@TempDir Path folder) {
        Path whole = OddClips.make(
                folder.resolve("whole.mp4"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=10:duration=2",
                "-c:v",
                "mpeg4",
                "-g",
                "20");
        // Cut before a key frame: the packets before the cut stay in the file, and are not shown.
        Path cut = OddClips.make(folder.resolve("cut.mp4"), "-ss", "0.6", "-i", whole.toString(), "-c", "copy");
        assertThat(new MediaProbe(MediaLimits.DEFAULT).probe(cut).frames()).isEqualTo(20);
        PreparedMedia clip = prepare(new Part.Video(cut), VisionOptions.DEFAULT);
        assertThat(clip.used().indices()).endsWith(13);
        assertThat(clip.warnings()).singleElement().asString().contains("14 of the clip's 20 frames");
    }

    @Test
    void aPipelineServesSeveralThreadsAtOnce() throws Exception {
        PreparedMedia alone = prepare(new Part.Video(CLIP), VisionOptions.DEFAULT);
        Callable<PreparedMedia> task = () -> prepare(new Part.Video(CLIP), VisionOptions.DEFAULT);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (Future<PreparedMedia> clip : threads.invokeAll(Collections.nCopies(6, task))) {
                assertThat(clip.get().patches()).isEqualTo(alone.patches());
            }
        }
    }

    private PreparedMedia prepare(Part media, VisionOptions options) {
        return pipeline.prepare(pipeline.measure(media, options, pipeline.content(media)));
    }
}
