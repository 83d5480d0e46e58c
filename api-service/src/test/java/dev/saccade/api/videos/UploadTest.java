package dev.saccade.api.videos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.PaddedClip;
import dev.saccade.api.running.RawConnection;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.tenants.Role;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class UploadTest {

    private final RunningApi api = RunningApi.get();
    private final UUID tenant = api.newTenantId();
    private final Client client = api.newClient(tenant, Role.ADMIN.scopes());

    @AfterEach
    void nothingLiesInTheUploadFolder() throws IOException {
        try (Stream<Path> files = Files.list(api.uploads())) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void uploadedVideoIsAnsweredWithItsFacts() throws IOException {
        Answer answer = client.upload(Clips.VIDEO);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Location")).isEqualTo("/v1/videos/" + answer.text("/id"));
        assertThat(answer.text("/id")).matches("vid_[0-9a-f-]{36}");
        assertThat(answer.text("/state")).isEqualTo("ready");
        assertThat(answer.text("/kind")).isEqualTo("video");
        assertThat(answer.text("/filename")).isEqualTo("driving_000.mp4");
        assertThat(answer.text("/content_type")).isEqualTo("video/mp4");
        assertThat(answer.text("/codec")).isEqualTo("h264");
        assertThat(answer.json().at("/size_bytes").asLong()).isEqualTo(Files.size(Clips.VIDEO));
        assertThat(answer.json().at("/frames").asLong()).isEqualTo(72);
        assertThat(answer.json().at("/duration_seconds").asDouble()).isEqualTo(3.0);
        assertThat(answer.text("/sha256")).isEqualTo(PaddedClip.sha256(Files.newInputStream(Clips.VIDEO)));
        assertThat(answer.text("/created_at")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(client.get(answer.text("/links/self")).json()).isEqualTo(answer.json());
    }

    @Test
    void imageIsTakenToo() {
        Answer answer = client.upload(Clips.IMAGE);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text("/kind")).isEqualTo("image");
        assertThat(answer.text("/content_type")).isEqualTo("image/jpeg");
    }

    /** The JVM of the tests has a smaller heap than this file, for the client, the store and the API together. */
    @Test
    void fileLargerThanTheHeapStreamsThrough() throws IOException {
        long size = RunningApi.MAX_UPLOAD_BYTES;
        assertThat(size).isGreaterThan(Runtime.getRuntime().maxMemory());
        PaddedClip clip = new PaddedClip(Clips.VIDEO, size);

        Answer answer = client.uploadChunked("large.mp4", clip::open);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().at("/size_bytes").asLong()).isEqualTo(size);
        assertThat(answer.text("/sha256")).isEqualTo(PaddedClip.sha256(clip.open()));
        Answer end = client.get(answer.text("/links/content"), "Range", "bytes=-4");
        assertThat(end.body()).isEqualTo(new byte[4]);
        api.store().filesNaming(answer.text("/id").substring(4)).forEach(UploadTest::delete);
    }

    @Test
    void fileBeyondTheLimitIsRefusedBeforeItIsSent() {
        String answer = RawConnection.problem(
                api.port(),
                "POST /v1/videos HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + client.key()
                        + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                        + (2 * RunningApi.MAX_UPLOAD_BYTES) + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 413").contains("file-too-large");
    }

    @Test
    void fileBeyondTheLimitIsRefusedOnceItHasPassedIt() {
        PaddedClip clip = new PaddedClip(Clips.VIDEO, RunningApi.MAX_UPLOAD_BYTES + 1);

        Answer answer = client.uploadChunked("large.mp4", clip::open);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text("/code")).isEqualTo("file-too-large");
        assertThat(answer.text("/detail")).contains(Long.toString(RunningApi.MAX_UPLOAD_BYTES));
        assertNothingWasStored();
    }

    @Test
    void emptyFileIsRefused() {
        assertRefused(client.upload("empty.mp4", BodyPublishers.noBody()), "empty-file");
    }

    @Test
    void textNamedMp4IsRefused() {
        assertRefused(client.upload("notes.mp4", BodyPublishers.ofString("These are only notes.\n".repeat(100))), null);
    }

    @Test
    void truncatedVideoIsRefused() throws IOException {
        byte[] clip = Files.readAllBytes(Clips.VIDEO);

        assertRefused(
                client.upload("half.mp4", BodyPublishers.ofByteArray(Arrays.copyOf(clip, clip.length / 2))), null);
    }

    @Test
    void formWithoutAFileIsRefused() {
        assertRefused(
                client.form("Content-Disposition: form-data; name=\"file\"", BodyPublishers.ofString("x")),
                "file-missing");
        assertRefused(client.form(Client.part("clip", "a.mp4"), BodyPublishers.ofString("x")), "file-missing");
    }

    @Test
    void secondPartIsRefused() throws IOException {
        String second = "\r\n--saccade-test-boundary\r\n" + Client.part("file", "b.mp4") + "\r\n\r\nx";

        assertRefused(
                client.upload(
                        "a.mp4",
                        BodyPublishers.concat(BodyPublishers.ofFile(Clips.VIDEO), BodyPublishers.ofString(second))),
                "unexpected-part");
    }

    @Test
    void bodyThatIsNoMultipartIsRefused() {
        Answer answer = client.send(client.request("/v1/videos", "Content-Type", "multipart/form-data")
                .POST(BodyPublishers.ofString("no parts here")));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("/code")).isEqualTo("malformed-multipart");
    }

    @Test
    void nameIsForDisplayOnly() {
        Answer answer = client.upload("../../\u202Eb/../räder.mp4", publisher(Clips.VIDEO));

        assertThat(answer.text("/filename")).isEqualTo("räder.mp4");
        assertThat(api.store().filesNaming("räder")).isEmpty();
    }

    @Test
    void clientThatLeavesInMidUploadLeavesNothing() {
        String head = "POST /v1/videos HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + client.key()
                + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 50000000\r\n\r\n"
                + "--b\r\n" + Client.part("file", "gone.mp4") + "\r\n\r\n";
        byte[] start = Arrays.copyOf(head.getBytes(StandardCharsets.ISO_8859_1), 12 << 20);

        RawConnection.abandon(api.port(), start);

        await().atMost(Duration.ofSeconds(30)).untilAsserted(this::assertNothingWasStored);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(this::nothingLiesInTheUploadFolder);
    }

    @Test
    void storeThatIsDownIsToldWithTheTimeToTryAgain() {
        api.store().stop();
        try {
            Answer answer = client.upload(Clips.VIDEO);

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text("/code")).isEqualTo("store-unavailable");
            assertThat(answer.header("Retry-After")).isNotEmpty();
        } finally {
            api.store().start();
        }
        assertThat(client.upload(Clips.VIDEO).status()).isEqualTo(201);
    }

    private void assertRefused(Answer answer, @org.jspecify.annotations.Nullable String code) {
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(422);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        if (code != null) {
            assertThat(answer.text("/code")).isEqualTo(code);
        }
        assertThat(answer.text("/detail")).isNotEmpty().doesNotContain("ffprobe", "moov", "/tmp", "Exception");
        assertNothingWasStored();
    }

    private void assertNothingWasStored() {
        assertThat(api.store().filesNaming(tenant.toString())).isEmpty();
    }

    private static java.net.http.HttpRequest.BodyPublisher publisher(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return BodyPublishers.ofByteArray(in.readAllBytes());
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
