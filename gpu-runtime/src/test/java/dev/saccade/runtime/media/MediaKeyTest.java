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
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which clips share their visual tokens. */
final class MediaKeyTest {

    private final MediaPipeline pipeline = new MediaPipeline(MediaLimits.DEFAULT, PreprocessorBounds.COSMOS_REASON1);

    @TempDir
    private Path folder;

    @Test
    void theSameClipSeenInAnotherWayHasAnotherKey() {
        Path clip = OddClips.plain(folder.resolve("clip.mp4"));
        VisionOptions usual = VisionOptions.DEFAULT;
        Map<String, VisionOptions> ways = new LinkedHashMap<>();
        ways.put("as usual", usual);
        ways.put("at 2 fps", usual.withFps(2));
        ways.put("at 8 fps", usual.withFps(8));
        ways.put("with its times", usual.withTimestamps(true));
        ways.put("in another size", options(null, 56, 84, null, null));
        ways.put("in that size upright", options(null, 84, 56, null, null));
        ways.put("from half a second on", options(null, null, null, 0.5, null));
        ways.put("to a second and a half", options(null, null, null, null, 1.5));
        ways.put("in 6 frames", options(6, null, null, null, null));

        Map<MediaKey, String> keys = new LinkedHashMap<>();
        ways.forEach((name, options) -> assertThat(keys.put(key(new Part.Video(clip), options), name))
                .as(name + " shares its key")
                .isNull());
    }

    @Test
    void optionsThatChangeNothingShareTheKey() {
        Path clip = OddClips.plain(folder.resolve("clip.mp4"));
        assertThat(key(new Part.Video(clip), VisionOptions.DEFAULT.withFps(FrameSampling.DEFAULT_FPS)))
                .isEqualTo(key(new Part.Video(clip), VisionOptions.DEFAULT))
                .isEqualTo(key(new Part.Video(clip), options(null, null, null, 0.0, 60.0)));
    }

    @Test
    void equalBytesUnderAnotherNameShareTheKey() throws IOException {
        Path clip = OddClips.plain(folder.resolve("clip.mp4"));
        Path copy = Files.copy(clip, folder.resolve("copy.mp4"));
        assertThat(key(new Part.Video(copy), VisionOptions.DEFAULT))
                .isEqualTo(key(new Part.Video(clip), VisionOptions.DEFAULT));
    }

    @Test
    void aFileThatChangedUnderItsNameHasAnotherKey() throws IOException {
        Path clip = OddClips.plain(folder.resolve("clip.mp4"));
        MediaKey before = key(new Part.Video(clip), VisionOptions.DEFAULT);
        FileTime time = Files.getLastModifiedTime(clip);
        byte[] bytes = Files.readAllBytes(clip);
        bytes[bytes.length / 2] ^= 1;
        Files.write(clip, bytes);
        Files.setLastModifiedTime(clip, time); // as a careless copy does
        assertThat(pipeline.content(new Part.Video(clip)).sha256()).hasSize(64);
        assertThat(key(new Part.Video(clip), VisionOptions.DEFAULT)).isNotEqualTo(before);
    }

    @Test
    void aFileThatChangesBetweenItsDigestAndItsDecodingIsRefused() throws IOException {
        Path clip = OddClips.plain(folder.resolve("clip.mp4"));
        MeasuredMedia measured =
                pipeline.measure(new Part.Video(clip), VisionOptions.DEFAULT, pipeline.content(new Part.Video(clip)));
        Path other = OddClips.make(
                folder.resolve("other.mp4"),
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=64x48:rate=10:duration=2",
                "-c:v",
                "mpeg4");
        Files.write(clip, Files.readAllBytes(other));
        assertThat(catchThrowableOfType(MediaException.class, () -> pipeline.prepare(measured))
                        .code())
                .isEqualTo("media-changed");
    }

    @Test
    void aLargeFileThatIsWrittenAnewIsDigestedAnew() throws IOException {
        Path large = folder.resolve("large");
        byte[] bytes = new byte[2 << 20];
        FileTime old = FileTime.fromMillis(1_000_000_000_000L);
        ContentDigests digests = new ContentDigests(MediaLimits.DEFAULT);
        Files.write(large, bytes);
        Files.setLastModifiedTime(large, old);
        String before = digests.of(large).sha256();
        assertThat(digests.of(large).sha256()).isEqualTo(before);
        bytes[0] = 1;
        Files.write(large, bytes);
        Files.setLastModifiedTime(large, old);
        assertThat(digests.of(large).sha256()).isNotEqualTo(before);
    }

    @Test
    void anImageInAnotherSizeHasAnotherKey() {
        Path picture = OddClips.make(
                folder.resolve("picture.png"), "-f", "lavfi", "-i", "testsrc=size=56x56:duration=1", "-frames:v", "1");
        assertThat(key(new Part.Image(picture), VisionOptions.DEFAULT))
                .isNotEqualTo(key(new Part.Image(picture), options(null, 84, 84, null, null)));
    }

    @Test
    void patchesTakeTheMemoryThatWasEstimated() {
        Path clip = OddClips.plain(folder.resolve("clip.mp4"));
        for (VisionOptions options :
                new VisionOptions[] {VisionOptions.DEFAULT, VisionOptions.DEFAULT.withTimestamps(true)}) {
            Part.Video part = new Part.Video(clip);
            MeasuredMedia measured = pipeline.measure(part, options, pipeline.content(part));
            assertThat(measured.patchBytes())
                    .isEqualTo(4L * pipeline.prepare(measured).patches().length);
        }
    }

    private MediaKey key(Part media, VisionOptions options) {
        return pipeline.prepare(pipeline.measure(media, options, pipeline.content(media)))
                .key();
    }

    private static VisionOptions options(
            @Nullable Integer nframes,
            @Nullable Integer height,
            @Nullable Integer width,
            @Nullable Double start,
            @Nullable Double end) {
        return new VisionOptions(null, nframes, null, null, null, null, null, height, width, start, end, false);
    }
}
