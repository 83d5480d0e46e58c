package dev.saccade.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.ChildApi;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.PaddedClip;
import dev.saccade.api.running.RawConnection;
import dev.saccade.api.running.RunningApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A second instance, whose heap of 64 MB is for everything: the program itself, the database's and the store's clients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SmallHeapTest {

    private static final long TWO_GB = 2L << 30;

    private final RunningApi api = RunningApi.get();
    private final Path folder = Files.createTempDirectory("saccade-small-heap");
    private final ChildApi small = ChildApi.start(
            api, "64m", "--saccade.api.max-upload-bytes=" + TWO_GB, "--saccade.api.upload-folder=" + folder);
    private final Client client = api.newTenant();
    private final Client toSmall = small.client(client.key());

    SmallHeapTest() throws IOException {}

    @AfterAll
    void stop() throws IOException {
        small.close();
        Files.delete(folder);
    }

    /** It is refused at its end only, for its last byte is missing: whatever is not stored needn't be on this disk thrice. */
    @Test
    void uploadOfTwoGigabytesTakesLessThan64MegabytesOfHeap() throws IOException {
        PaddedClip clip = new PaddedClip(Clips.VIDEO, TWO_GB);

        String answer =
                RawConnection.upload(small.port(), client.key(), "large.mp4", TWO_GB - 1, clip.openFirst(TWO_GB - 1));

        assertThat(answer).startsWith("HTTP/1.1 422").contains("media-truncated");
        assertThat(small.isAlive()).isTrue();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void storingTakesNoMoreThanThat() {
        PaddedClip clip = new PaddedClip(Clips.VIDEO, 65L << 20);

        Answer answer = toSmall.uploadChunked("large.mp4", clip::open);

        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(201);
        assertThat(answer.text("/sha256")).isEqualTo(PaddedClip.sha256(clip.open()));
        assertThat(small.isAlive()).isTrue();
        client.method("DELETE", answer.text("/links/self"));
    }

    @Test
    void anyInstanceTakesTheNextBytesOfAResumableUpload() throws IOException {
        byte[] clip = Files.readAllBytes(Clips.VIDEO);
        TusClient here = new TusClient(client);
        TusClient there = new TusClient(toSmall);
        String upload = here.created(clip.length);
        here.patch(upload, 0, Arrays.copyOf(clip, 1_000));

        assertThat(there.offset(upload)).isEqualTo(1_000);
        there.patch(upload, 1_000, Arrays.copyOfRange(clip, 1_000, 2_000));
        assertThat(here.patch(upload, 2_000, Arrays.copyOfRange(clip, 2_000, clip.length))
                        .status())
                .isEqualTo(204);

        String video = client.get("/v1/videos").text("/data/0/links/content");
        assertThat(toSmall.get(video).body()).isEqualTo(clip);
    }
}
