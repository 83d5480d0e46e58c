package dev.saccade.runtime.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are made to do harm: each is refused, or taken for nothing but the picture in it. */
final class HostileMediaTest {

    private static final MediaLimits LIMITS = new MediaLimits(
            64 << 20, Duration.ofSeconds(10), 200 * 200, 150, Duration.ofSeconds(20), Duration.ofSeconds(60), 4L << 30);
    private static final String SECRET = "a line that no answer may ever hold";

    @TempDir
    private Path folder;

    private Path secret = Path.of("");

    @BeforeEach
    void hide() throws IOException {
        secret = Files.writeString(folder.resolve("secret.txt"), SECRET);
    }

    @Test
    void aPageThatIsAlsoAnMp4IsAnMp4() throws IOException {
        byte[] clip = Files.readAllBytes(OddClips.plain(folder.resolve("clip.mp4")));
        byte[] page = "<!DOCTYPE html><script>alert(1)</script><!--".getBytes(StandardCharsets.US_ASCII);

        assertRefused(write("page.mp4", join(page, clip)), "media-not-recognised");
        Path both = write("page.html", join(clip, box("free", page)));
        assertThat(new MediaProbe(LIMITS).probe(both).format()).isEqualTo("mp4");
    }

    @Test
    void aWrongExtensionSaysNothing() throws IOException {
        byte[] clip = Files.readAllBytes(OddClips.plain(folder.resolve("clip.mp4")));

        for (String name : new String[] {"clip.jpg", "clip.m3u8", "clip.avi", "clip.txt", "clip"}) {
            assertThat(new MediaProbe(LIMITS).probe(write(name, clip)).format()).isEqualTo("mp4");
        }
    }

    @Test
    void anAviWhoseSubtitlesAreAPlaylistOfLocalFilesIsRefused() throws IOException {
        Path avi = OddClips.make(
                folder.resolve("clip.avi"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=10:duration=1",
                "-c:v",
                "mpeg4");
        String playlist = "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1.0,\nfile://" + secret + "\n#EXT-X-ENDLIST\n";
        ByteBuffer gab2 = ByteBuffer.allocate(11 + playlist.length());
        gab2.put("GAB2".getBytes(StandardCharsets.US_ASCII)).put(playlist.getBytes(StandardCharsets.US_ASCII));

        assertRefused(write("subtitles.mp4", join(Files.readAllBytes(avi), gab2.array())), "media-not-recognised");
    }

    @Test
    void protocolsInsideAFileAreText() throws IOException {
        for (String content : new String[] {
            "concat:" + secret + "|" + secret,
            "subfile,,start,0,end,100,,:" + secret,
            "ffconcat version 1.0\nfile 'subfile,,start,0,end,9,,:" + secret + "'\n",
            "#EXTM3U\n#EXTINF:1,\nconcat:" + secret + "\n"
        }) {
            assertRefused(write("clip.mp4", content.getBytes(StandardCharsets.UTF_8)), "media-not-recognised");
        }
    }

    @Test
    void aNameThatIsAProtocolIsAFile() throws IOException {
        byte[] clip = Files.readAllBytes(OddClips.plain(folder.resolve("clip.mp4")));

        for (String name :
                new String[] {"subfile,,start,0,end,9,,:secret.txt", "data:text,x.mp4", "concat:secret.txt"}) {
            assertThat(new MediaProbe(LIMITS).probe(write(name, clip)).frames()).isEqualTo(20);
        }
    }

    /** The movie's samples would be in another file, which the track names. */
    @Test
    void dataInAnotherFileAreNotRead() throws IOException {
        byte[] clip = Files.readAllBytes(OddClips.plain(folder.resolve("clip.mp4")));
        int entry = indexOf(clip, "url ");
        assertThat(clip[entry + 7]).as("flag: the data are in this file").isEqualTo((byte) 1);
        byte[] url = ("file://" + secret + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] outside = insertedInto(clip, entry + 8, url, "moov", "trak", "mdia", "minf", "dinf", "dref", "url ");
        outside[indexOf(outside, "url ") + 7] = 0;

        MediaException refusal = catchThrowableOfType(
                MediaException.class, () -> new MediaProbe(LIMITS).probe(write("outside.mp4", outside)));
        if (refusal != null) {
            assertThat(refusal.getMessage()).doesNotContain(SECRET, secret.toString());
        }
    }

    @Test
    void tenThousandTracksAreRefusedOrCounted() throws IOException {
        byte[] clip = Files.readAllBytes(OddClips.plain(folder.resolve("clip.mp4")));
        int track = indexOf(clip, "trak") - 4;
        int length = ByteBuffer.wrap(clip).getInt(track);
        byte[] one = Arrays.copyOfRange(clip, track, track + length);
        ByteArrayOutputStream tracks = new ByteArrayOutputStream();
        for (int i = 0; i < 10_000; i++) {
            tracks.write(one);
        }

        assertEndsWithAnAnswer(write("tracks.mp4", insertedInto(clip, track + length, tracks.toByteArray(), "moov")));
    }

    @Test
    void boxesWithinBoxesEndWithAnAnswer() throws IOException {
        int depth = 20_000;
        ByteBuffer nested = ByteBuffer.allocate(8 * depth);
        for (int i = 0; i < depth; i++) {
            nested.putInt(8 * (depth - i)).put((i == 0 ? "moov" : "udta").getBytes(StandardCharsets.US_ASCII));
        }

        assertEndsWithAnAnswer(write("deep.mp4", join(nested.array(), box("mdat", new byte[8]))));
    }

    @Test
    void aMillionEmptyBoxesEndWithAnAnswer() throws IOException {
        ByteBuffer boxes = ByteBuffer.allocate(8_000_000);
        while (boxes.hasRemaining()) {
            boxes.putInt(8).put("free".getBytes(StandardCharsets.US_ASCII));
        }

        assertRefused(write("boxes.mp4", boxes.array()), "media-truncated");
    }

    @Test
    void jpeg2000InAMovIsRefused() {
        assertRefused(
                OddClips.make(
                        folder.resolve("rare.mov"),
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc=size=64x48:rate=10:duration=1",
                        "-c:v",
                        "jpeg2000"),
                "media-unreadable");
    }

    @Test
    void timesBelowZeroAreTakenAsTheyCome() {
        Path early = OddClips.make(
                folder.resolve("early.mkv"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=10:duration=2",
                "-vf",
                "setpts=PTS-1/TB",
                "-avoid_negative_ts",
                "disabled",
                "-c:v",
                "mjpeg");

        assertThat(new MediaProbe(LIMITS).probe(early).frames()).isBetween(1L, 20L);
    }

    @Test
    void scriptAndSqlInTheMetadataAreNotRead() {
        Path clip = OddClips.make(
                folder.resolve("titled.mp4"),
                "-f",
                "lavfi",
                "-i",
                "testsrc=size=64x48:rate=10:duration=2",
                "-metadata",
                "title=<script>alert(1)</script>'; drop table video; --",
                "-c:v",
                "mpeg4");

        assertThat(new MediaProbe(LIMITS).probe(clip).toString()).doesNotContain("script", "drop");
    }

    /** Whatever it is, within the limits of time and memory. */
    private void assertEndsWithAnAnswer(Path file) {
        MediaException refusal = catchThrowableOfType(MediaException.class, () -> new MediaProbe(LIMITS).probe(file));
        if (refusal != null) {
            assertThat(refusal.code()).startsWith("media-");
            assertThat(refusal.getMessage()).endsWith(".").doesNotContain(folder.toString());
        }
    }

    private void assertRefused(Path file, String code) {
        MediaException refusal = catchThrowableOfType(MediaException.class, () -> new MediaProbe(LIMITS).probe(file));
        assertThat(refusal).as("refusal of " + file).isNotNull();
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.getMessage()).endsWith(".").doesNotContain(folder.toString(), SECRET);
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static byte[] box(String type, byte[] content) {
        return ByteBuffer.allocate(8 + content.length)
                .putInt(8 + content.length)
                .put(type.getBytes(StandardCharsets.US_ASCII))
                .put(content)
                .array();
    }

    private static byte[] join(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    /** The file with more bytes at a place, and the boxes around it so much longer; its index must be at its end. */
    private static byte[] insertedInto(byte[] file, int at, byte[] more, String... boxes) {
        byte[] longer = join(Arrays.copyOf(file, at), join(more, Arrays.copyOfRange(file, at, file.length)));
        ByteBuffer bytes = ByteBuffer.wrap(longer);
        for (String type : boxes) {
            int place = indexOf(longer, type) - 4;
            bytes.putInt(place, bytes.getInt(place) + more.length);
        }
        return longer;
    }

    private static int indexOf(byte[] bytes, String box) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(box);
    }
}
