package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.VisionOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are broken, lie, or are too large: each is refused with a sentence that holds nothing of the server. */
final class BadMediaTest {

    private static final MediaLimits LIMITS = new MediaLimits(
            1 << 20, Duration.ofSeconds(10), 200 * 200, 150, Duration.ofSeconds(20), Duration.ofSeconds(60), 4L << 30);

    @TempDir
    private Path folder;

    @Test
    void anEmptyFileIsRefused() throws IOException {
        assertRefused(write("clip.mp4", new byte[0]), "media-empty");
    }

    @Test
    void aMissingFileIsRefused() {
        assertRefused(folder.resolve("none.mp4"), "media-not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "This is not a video at all.",
                "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
                "ffconcat version 1.0\nfile '/etc/passwd'\n",
                "<!DOCTYPE html><script>alert(1)</script>",
                "RIFF0000AVI LIST",
                "x"
            })
    void textAndPlaylistsNamedMp4AreRefused(String content) throws IOException {
        Path file = folder.resolve("clip.mp4");
        Files.writeString(file, content);
        assertRefused(file, "media-not-recognised");
    }

    @Test
    void aClipWhoseIndexIsCutOffIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(OddClips.plain(folder.resolve("whole.mp4")));
        assertRefused(write("cut.mp4", Arrays.copyOf(whole, whole.length - 500)), "media-truncated");
        assertRefused(write("half.mp4", Arrays.copyOf(whole, whole.length / 2)), "media-truncated");
    }

    @Test
    void aClipWhoseDataAreCutOffIsRefused() throws IOException {
        Path whole = OddClips.make(
                folder.resolve("fast.mp4"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=10:duration=2",
                "-c:v",
                "mpeg4",
                "-movflags",
                "+faststart");
        byte[] bytes = Files.readAllBytes(whole);
        assertThat(new MediaProbe(LIMITS).probe(whole).frames()).isEqualTo(20);
        assertRefused(write("cut.mp4", Arrays.copyOf(bytes, bytes.length - 1)), "media-truncated");
    }

    @Test
    void anIndexThatPointsBeyondTheFileIsRefused() throws IOException {
        Path whole = OddClips.make(
                folder.resolve("fast.mp4"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=10:duration=2",
                "-c:v",
                "mpeg4",
                "-movflags",
                "+faststart");
        byte[] bytes = Files.readAllBytes(whole);
        int data = indexOf(bytes, "mdat") - 4;
        byte[] shortened = Arrays.copyOf(bytes, data + (bytes.length - data) / 2);
        ByteBuffer.wrap(shortened).putInt(data, shortened.length - data); // the box claims to be whole
        assertRefused(write("lying.mp4", shortened), "media-truncated");
    }

    @Test
    void aWebmThatIsCutOffIsRefused() throws IOException {
        Path whole = OddClips.make(
                folder.resolve("whole.webm"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=10:duration=1",
                "-c:v",
                "libvpx");
        assertThat(new MediaProbe(LIMITS).probe(whole).codec()).isEqualTo("vp8");
        byte[] bytes = Files.readAllBytes(whole);
        assertRefused(write("cut.webm", Arrays.copyOf(bytes, bytes.length - 100)), "media-truncated");
    }

    @Test
    void soundAloneIsRefused() {
        assertRefused(
                OddClips.make(folder.resolve("sound.mp4"), "-f", "lavfi", "-i", "sine=duration=1"), "media-no-video");
    }

    @Test
    void rareCodecsAreRefused() {
        assertRefused(
                OddClips.make(
                        folder.resolve("rare.mkv"),
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc=size=64x48:rate=10:duration=1",
                        "-c:v",
                        "magicyuv"),
                "media-unreadable");
    }

    @Test
    void limitsAreNamedInTheRefusal() throws IOException {
        Path big = write("big.mp4", new byte[(1 << 20) + 1]);
        assertThat(assertRefused(big, "media-too-large")).contains("1048576");
        Path wide = OddClips.make(
                folder.resolve("wide.mp4"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=202x200:rate=10:duration=1",
                "-c:v",
                "mpeg4");
        assertThat(assertRefused(wide, "media-resolution"))
                .contains("202 x 200")
                .contains("40000");
        Path longClip = OddClips.make(
                folder.resolve("long.mp4"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=2:duration=11",
                "-c:v",
                "mpeg4");
        assertThat(assertRefused(longClip, "media-too-long")).contains("at most 10 s");
        Path manyFrames = OddClips.make(
                folder.resolve("many.mp4"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=100:duration=2",
                "-c:v",
                "mpeg4");
        assertThat(assertRefused(manyFrames, "media-too-many-frames")).contains("150");
    }

    @Test
    void absurdTimesAreRefused() {
        Path fast = OddClips.make(
                folder.resolve("fast.mkv"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=1000000:duration=0.0001",
                "-c:v",
                "mjpeg");
        assertRefused(fast, "media-frame-rate");
        Path endless = OddClips.make(
                folder.resolve("endless.mkv"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=10:duration=1",
                "-vf",
                "setpts=if(eq(N\\,9)\\,1e9/TB\\,PTS)",
                "-fps_mode",
                "passthrough",
                "-c:v",
                "mjpeg");
        assertRefused(endless, "media-too-long");
    }

    @Test
    void aHeaderThatClaimsAHugePictureIsRefusedBeforeItIsDecoded() throws IOException {
        ByteBuffer png = ByteBuffer.allocate(33);
        png.putLong(0x89504e470d0a1a0aL).putInt(13).put("IHDR".getBytes(StandardCharsets.US_ASCII));
        png.putInt(65_535).putInt(65_535).put((byte) 8).put((byte) 2);
        assertRefused(write("huge.png", png.array()), "media-resolution");
    }

    @Test
    void imagesThatAreCutOffAreRefused() throws IOException {
        for (String name : new String[] {"picture.png", "picture.jpg"}) {
            Path whole = OddClips.make(
                    folder.resolve(name), "-f", "lavfi", "-i", "testsrc=size=160x120:duration=1", "-frames:v", "1");
            byte[] bytes = Files.readAllBytes(whole);
            Path cut = write("cut-" + name, Arrays.copyOf(bytes, bytes.length / 2));
            MediaException refusal = catchThrowableOfType(
                    MediaException.class, () -> prepare(new Part.Image(cut), VisionOptions.DEFAULT));
            assertThat(refusal.code()).isEqualTo("media-truncated");
        }
    }

    @Test
    void aVideoIsNoImage() {
        Path clip = OddClips.plain(folder.resolve("clip.mp4"));
        MediaException refusal =
                catchThrowableOfType(MediaException.class, () -> prepare(new Part.Image(clip), VisionOptions.DEFAULT));
        assertThat(refusal.code()).isEqualTo("media-wrong-kind");
    }

    @Test
    void aDecoderThatTakesTooLongIsKilled() {
        MediaLimits hurried = new MediaLimits(
                1 << 20, Duration.ofSeconds(10), 40_000, 150, Duration.ofMillis(1), Duration.ofMillis(1), 4L << 30);
        MediaException refusal = catchThrowableOfType(
                MediaException.class, () -> new MediaProbe(hurried).probe(OddClips.plain(folder.resolve("clip.mp4"))));
        assertThat(refusal.code()).isEqualTo("media-timeout");
    }

    @Test
    void anInterruptedThreadGetsItsAnswerAtOnce() {
        Path clip = OddClips.plain(folder.resolve("clip.mp4"));
        Thread.currentThread().interrupt();
        MediaException refusal = catchThrowableOfType(MediaException.class, () -> new MediaProbe(LIMITS).probe(clip));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(refusal.code()).isEqualTo("media-cancelled");
    }

    @Test
    void aDecoderOutOfMemoryIsARefusalToo() {
        MediaLimits tight = new MediaLimits(
                1 << 20, Duration.ofSeconds(10), 40_000, 150, Duration.ofSeconds(20), Duration.ofSeconds(20), 8 << 20);
        MediaException refusal = catchThrowableOfType(
                MediaException.class, () -> new MediaProbe(tight).probe(OddClips.plain(folder.resolve("clip.mp4"))));
        assertThat(refusal.code()).isEqualTo("media-unreadable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-i.mp4", "http:clip.mp4", "a b'c\"d.mp4", "concat:x|y.mp4", "%2e%2e.mp4", "\u202Egpj.mp4"})
    void oddNamesArePlainFiles(String name) {
        Path plain = OddClips.plain(folder.resolve("plain.mp4"));
        Path odd = folder.resolve(name);
        assertThat(plain.toFile().renameTo(odd.toFile())).isTrue();
        PreparedMedia clip = prepare(new Part.Video(odd), VisionOptions.DEFAULT);
        assertThat(clip.used().indices()).hasSize(8);
    }

    @Test
    void aClipWithSoundAndRotationIsDecodedUnrotated() {
        Path source = OddClips.make(
                folder.resolve("sound.mp4"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=10:duration=2",
                "-f",
                "lavfi",
                "-i",
                "sine=duration=2",
                "-c:v",
                "mpeg4",
                "-c:a",
                "aac");
        Path rotated = OddClips.make(
                folder.resolve("rotated.mp4"), "-display_rotation", "90", "-i", source.toString(), "-c", "copy");
        PreparedMedia clip = prepare(new Part.Video(rotated), VisionOptions.DEFAULT);
        assertThat(clip.used().width()).isGreaterThan(clip.used().height());
        PreparedMedia straight = prepare(new Part.Video(source), VisionOptions.DEFAULT);
        assertThat(clip.patches()).isEqualTo(straight.patches());
    }

    @Test
    void framesThatChangeTheirSizeAreBroughtToTheFirstOnes() throws IOException {
        Path small = OddClips.make(
                folder.resolve("small.mkv"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=10:duration=1",
                "-c:v",
                "mjpeg");
        Path large = OddClips.make(
                folder.resolve("large.mkv"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=96x96:rate=10:duration=1",
                "-c:v",
                "mjpeg");
        Path list = folder.resolve("list.txt");
        Files.writeString(list, "file '" + small + "'\nfile '" + large + "'\n");
        Path both = OddClips.make(
                folder.resolve("both.mkv"), "-f", "concat", "-safe", "0", "-i", list.toString(), "-c", "copy");
        PreparedMedia clip = prepare(new Part.Video(both), VisionOptions.DEFAULT);
        assertThat(clip.used().indices()).hasSize(8).endsWith(19);
    }

    private String assertRefused(Path file, String code) {
        MediaException refusal = catchThrowableOfType(MediaException.class, () -> new MediaProbe(LIMITS).probe(file));
        assertThat(refusal).as("refusal of " + file).isNotNull();
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.getMessage()).endsWith(".").doesNotContain(folder.toString());
        return String.valueOf(refusal.getMessage());
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static PreparedMedia prepare(Part media, VisionOptions options) {
        MediaPipeline pipeline = new MediaPipeline(LIMITS, PreprocessorBounds.COSMOS_REASON1);
        return pipeline.prepare(pipeline.measure(media, options, pipeline.content(media)));
    }

    private static int indexOf(byte[] bytes, String box) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(box);
    }
}
