package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real child processes that stop making progress. */
final class StuckDecoderTest {

    /** Says that it decoded a frame, or writes a part of a picture, and then nothing more; other clips are decoded. */
    private static final String DECODER = """
            #!/bin/sh
            case "$*" in
              *silent*) echo frame=1 >&2; exec /bin/sleep 4711 ;;
              *half*) printf 'P6\\n64 48\\n255\\nabc'; exec /bin/sleep 4711 ;;
              *) exec REAL "$@" ;;
            esac
            """;

    @TempDir
    private Path folder;

    private MediaPipeline pipeline = new MediaPipeline(MediaLimits.DEFAULT, PreprocessorBounds.COSMOS_REASON1);

    @BeforeEach
    void install() throws IOException {
        DecoderPrograms real = DecoderPrograms.shared();
        Path program = folder.resolve("ffmpeg");
        Files.writeString(program, DECODER.replace("REAL", real.ffmpeg().toString()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        DecoderPrograms programs = new DecoderPrograms(folder, real.environment());
        VideoDecoder decoder = new VideoDecoder(MediaLimits.DEFAULT, () -> programs, Duration.ofSeconds(3));
        pipeline = new MediaPipeline(MediaLimits.DEFAULT, PreprocessorBounds.COSMOS_REASON1, decoder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent.mp4", "half.mp4"})
    void aDecoderThatMakesNoProgressIsKilledAndItsClipFailsAlone(String name) throws IOException {
        MeasuredMedia stuck = measure(OddClips.plain(folder.resolve(name)));
        MeasuredMedia sound = measure(OddClips.plain(folder.resolve("sound.mp4")));
        CompletableFuture<PreparedMedia> neighbour = CompletableFuture.supplyAsync(() -> pipeline.prepare(sound));

        MediaException refusal = catchThrowableOfType(MediaException.class, () -> pipeline.prepare(stuck));

        assertThat(refusal.code()).isEqualTo("media-stalled");
        assertThat(refusal).hasMessageContaining("no progress for 3 s");
        assertThat(neighbour.join().used().indices()).hasSize(8);
        assertThat(ProcessHandle.current()
                        .descendants()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains("sleep 4711")))
                .isEmpty();
    }

    @Test
    void framesAreInTheirPlacesWhicheverThreadResizesThem() {
        Path clip = OddClips.make(
                folder.resolve("long.mp4"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=320x240:rate=24:duration=4",
                "-c:v",
                "mpeg4");
        PreparedMedia first = pipeline.prepare(measure(clip));
        for (int i = 0; i < 3; i++) {
            assertThat(pipeline.prepare(measure(clip)).patches()).isEqualTo(first.patches());
        }
    }

    private MeasuredMedia measure(Path file) {
        Part.Video part = new Part.Video(file);
        return pipeline.measure(part, VisionOptions.DEFAULT, pipeline.content(part));
    }
}
