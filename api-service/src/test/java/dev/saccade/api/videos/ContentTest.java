package dev.saccade.api.videos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ContentTest {

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();
    private byte[] clip = {};
    private String id = "";
    private String path = "";
    private String etag = "";

    @BeforeEach
    void upload() throws IOException {
        clip = Files.readAllBytes(Clips.VIDEO);
        Answer uploaded = client.upload("räd\u202E\"x.mp4", BodyPublishers.ofByteArray(clip));
        id = uploaded.text("/id");
        path = "/v1/videos/" + id + "/content";
        etag = "\"" + uploaded.text("/sha256") + "\"";
    }

    @Test
    void wholeContentComesBackAsADownload() {
        Answer answer = client.get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(clip);
        assertThat(answer.header("Content-Type")).isEqualTo("video/mp4");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Content-Disposition")).startsWith("attachment;");
        assertThat(answer.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(answer.header("ETag")).isEqualTo(etag);
    }

    @Test
    void rangeComesBackAlone() {
        Answer answer = client.get(path, "Range", "bytes=1000-1999");

        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(clip, 1000, 2000));
        assertThat(answer.header("Content-Range")).isEqualTo("bytes 1000-1999/" + clip.length);
    }

    @Test
    void lastBytesCanBeAskedFor() {
        assertThat(client.get(path, "Range", "bytes=-10").body())
                .isEqualTo(Arrays.copyOfRange(clip, clip.length - 10, clip.length));
    }

    @Test
    void rangeBeyondTheEndIsAProblem() {
        Answer answer = client.get(path, "Range", "bytes=" + clip.length + "-");

        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.header("Content-Range")).isEqualTo("bytes */" + clip.length);
        assertThat(answer.text("/code")).isEqualTo("range-not-satisfiable");
    }

    @Test
    void rangeOfAnotherVersionIsAnsweredWithAll() {
        assertThat(client.get(path, "Range", "bytes=0-1", "If-Range", "\"other\"")
                        .status())
                .isEqualTo(200);
        assertThat(client.get(path, "Range", "bytes=0-1", "If-Range", etag).status())
                .isEqualTo(206);
    }

    @Test
    void knownContentIsNotSentAgain() {
        Answer answer = client.get(path, "If-None-Match", "\"other\", W/" + etag);

        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void headTellsTheLengthOnly() {
        Answer answer = client.method("HEAD", path);

        assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(clip.length));
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void anotherTenantsVideoLooksUnknown() {
        Client other = api.newTenant();

        for (String address : new String[] {"/v1/videos/" + id, path}) {
            Answer answer = other.get(address);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json())
                    .isEqualTo(other.get(address.replace(id, unknown())).json());
        }
    }

    @Test
    void malformedIdIsUnknown() {
        for (String wrong :
                new String[] {"x", "job_" + id.substring(4), id.toUpperCase(java.util.Locale.ROOT), id + "0"}) {
            assertThat(client.get("/v1/videos/" + wrong).status()).isEqualTo(404);
        }
    }

    private static String unknown() {
        return "vid_00000000-0000-7000-8000-000000000000";
    }
}
