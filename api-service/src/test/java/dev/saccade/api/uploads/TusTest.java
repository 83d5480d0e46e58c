package dev.saccade.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.PaddedClip;
import dev.saccade.api.running.RawConnection;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.ExternalId;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

final class TusTest {

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();
    private final TusClient tus = new TusClient(client);
    private final byte[] clip = Files.readAllBytes(Clips.VIDEO);

    TusTest() throws IOException {}

    @Test
    void fileComesInPiecesAndBecomesAVideoWithTheLastOne() throws IOException {
        Answer created = tus.create(clip.length);
        String upload = created.header("Location");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Tus-Resumable")).isEqualTo("1.0.0");
        assertThat(created.header("Upload-Expires")).endsWith(" GMT");
        assertThat(upload).startsWith("/v1/tus/upl_");
        assertThat(tus.offset(upload)).isZero();
        assertThat(tus.head(upload).header("Cache-Control")).contains("no-store");
        Answer first = tus.patch(upload, 0, Arrays.copyOf(clip, 1_000));
        assertThat(first.status()).isEqualTo(204);
        assertThat(first.header("Upload-Offset")).isEqualTo("1000");
        assertThat(tus.offset(upload)).isEqualTo(1_000);
        Answer last = tus.patch(upload, 1_000, Arrays.copyOfRange(clip, 1_000, clip.length));

        assertThat(last.status()).isEqualTo(204);
        assertThat(last.header("Upload-Offset")).isEqualTo(Integer.toString(clip.length));
        Answer video = client.get(last.header("Video-Location"));
        assertThat(video.text("/state")).isEqualTo("ready");
        assertThat(video.text("/filename")).isEqualTo("räder.mp4");
        assertThat(video.text("/sha256")).isEqualTo(PaddedClip.sha256(Files.newInputStream(Clips.VIDEO)));
        assertThat(client.get(video.text("/links/content")).body()).isEqualTo(clip);
        assertThat(tus.offset(upload)).isEqualTo(clip.length);
        assertThat(tus.terminate(upload).status()).isEqualTo(409);
        awaitNothingStaged(upload);
    }

    @Test
    void firstBytesMayComeWithTheCreation() {
        Answer created = client.send(client.request(
                        "/v1/tus",
                        "Tus-Resumable",
                        "1.0.0",
                        "Upload-Length",
                        Integer.toString(clip.length),
                        "Content-Type",
                        TusClient.BYTES)
                .POST(BodyPublishers.ofByteArray(clip)));

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Upload-Offset")).isEqualTo(Integer.toString(clip.length));
        assertThat(client.get(created.header("Video-Location")).text("/state")).isEqualTo("ready");
    }

    @Test
    void clientThatLeavesInTheMiddleFindsWhatHasCome() {
        String upload = tus.created(clip.length);
        String head = "PATCH " + upload + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + client.key()
                + "\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: " + TusClient.BYTES
                + "\r\nContent-Length: " + clip.length + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] request = Arrays.copyOf(start, start.length + 90_000);
        System.arraycopy(clip, 0, request, start.length, 90_000);

        RawConnection.abandon(api.port(), request);

        // the first segment for certain; of the rest what the network had brought
        await().atMost(Duration.ofSeconds(30)).until(() -> tus.offset(upload) >= 65_536);
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            int offset = Math.toIntExact(tus.offset(upload));
            return tus.patch(upload, offset, Arrays.copyOfRange(clip, offset, clip.length))
                            .status()
                    == 204;
        });
        assertThat(client.get("/v1/videos").text("/data/0/sha256")).isEqualTo(sha256OfClip());
    }

    @Test
    void ofTwoThatSendTheSameStretchOneIsTaken() throws Exception {
        String upload = tus.created(clip.length);
        byte[] stretch = Arrays.copyOf(clip, 50_000);
        List<Integer> answers = new ArrayList<>();
        try (var both = Executors.newFixedThreadPool(2)) {
            Callable<Integer> send = () -> tus.patch(upload, 0, stretch).status();
            for (Future<Integer> answer : both.invokeAll(List.of(send, send))) {
                answers.add(answer.get());
            }
        }

        assertThat(answers).containsExactlyInAnyOrder(204, 409);
        assertThat(tus.offset(upload)).isEqualTo(50_000);
        assertThat(tus.patch(upload, 50_000, Arrays.copyOfRange(clip, 50_000, clip.length))
                        .status())
                .isEqualTo(204);
        assertThat(client.get("/v1/videos").text("/data/0/sha256")).isEqualTo(sha256OfClip());
    }

    @Test
    void bytesAtAnotherOffsetAreRefused() {
        String upload = tus.created(clip.length);
        tus.patch(upload, 0, Arrays.copyOf(clip, 1_000));

        for (long offset : new long[] {0, 999, 1_001}) {
            Answer refused = tus.patch(upload, offset, new byte[10]);
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.text("/code")).isEqualTo("wrong-offset");
            assertThat(refused.header("Tus-Resumable")).isEqualTo("1.0.0");
        }
        assertThat(tus.offset(upload)).isEqualTo(1_000);
    }

    @Test
    void moreBytesThanToldAreRefused() {
        String upload = tus.created(100);

        assertThat(tus.patch(upload, 0, new byte[101]).status()).isEqualTo(413);
        Answer chunked = client.send(client.request(
                        upload, "Tus-Resumable", "1.0.0", "Upload-Offset", "0", "Content-Type", TusClient.BYTES)
                .method("PATCH", BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[101]))));
        assertThat(chunked.status()).isEqualTo(413);
        assertThat(client.get("/v1/videos").text("/data/0/state")).isNotEqualTo("ready");
    }

    @Test
    void checksumHoldsForTheWholeRequest() throws Exception {
        String upload = tus.created(clip.length);
        byte[] digest = MessageDigest.getInstance("SHA-1").digest(clip);
        String sum = "sha1 " + Base64.getEncoder().encodeToString(digest);

        Answer wrong = tus.patch(upload, 0, Arrays.copyOf(clip, 70_000), "Upload-Checksum", sum);
        assertThat(wrong.status()).isEqualTo(460);
        assertThat(wrong.text("/code")).isEqualTo("checksum-mismatch");
        assertThat(tus.offset(upload)).isZero();
        assertThat(tus.patch(upload, 0, clip, "Upload-Checksum", "md4 AAAA").status())
                .isEqualTo(400);
        assertThat(tus.patch(upload, 0, clip, "Upload-Checksum", sum).status()).isEqualTo(204);
    }

    @Test
    void whatIsNoMediaIsRejectedWithAReason() {
        String upload = tus.created(5);

        Answer refused = tus.patch(upload, 0, "notes".getBytes(StandardCharsets.US_ASCII));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/code")).isEqualTo("media-not-recognised");
        assertThat(tus.head(upload).status()).isEqualTo(410);
        assertThat(client.get("/v1/videos").text("/data/0/error/code")).isEqualTo("media-not-recognised");
        awaitNothingStaged(upload);
    }

    @Test
    void storeThatIsDownCostsNoneOfWhatHasCome() {
        String upload = tus.created(clip.length);
        tus.patch(upload, 0, Arrays.copyOf(clip, 1_000));
        api.store().stop();
        try {
            assertThat(tus.patch(upload, 1_000, Arrays.copyOfRange(clip, 1_000, clip.length))
                            .status())
                    .isEqualTo(503);
        } finally {
            api.store().start();
        }

        assertThat(tus.offset(upload)).isEqualTo(1_000);
        assertThat(tus.patch(upload, 1_000, Arrays.copyOfRange(clip, 1_000, clip.length))
                        .status())
                .isEqualTo(204);
    }

    /** All bytes were taken, but the check failed for reasons of the service's: asking for the offset does it again. */
    @Test
    void wholeFileIsCheckedWhenItsOffsetIsAskedFor() {
        String upload = tus.created(clip.length);
        var sessions = api.bean(dev.saccade.ledger.uploads.UploadSessions.class);
        var view = sessions.find(tenantOf(upload), id(upload), dev.saccade.ledger.uploads.NewUpload.Protocol.TUS)
                .orElseThrow();
        var other = sessions.take(view, Duration.ofMinutes(1)).orElseThrow();
        assertThat(tus.patch(upload, 0, clip).status()).isEqualTo(409);
        assertThat(tus.head(upload).status()).isEqualTo(409);

        sessions.release(other);

        assertThat(tus.offset(upload)).isEqualTo(clip.length);
        assertThat(client.get("/v1/videos").text("/data/0/state")).isEqualTo("ready");
    }

    @Test
    void uploadThatIsGivenUpIsGone() {
        String upload = tus.created(clip.length);
        tus.patch(upload, 0, Arrays.copyOf(clip, 1_000));

        assertThat(tus.terminate(upload).status()).isEqualTo(204);

        assertThat(tus.head(upload).status()).isEqualTo(410);
        assertThat(tus.patch(upload, 1_000, new byte[1]).status()).isEqualTo(410);
        awaitNothingStaged(upload);
    }

    @Test
    void uploadWhoseTimeIsOverIsGone() {
        String upload = tus.created(clip.length);
        tus.patch(upload, 0, Arrays.copyOf(clip, 1_000));

        update("expires_at = clock_timestamp()", upload);

        await().atMost(Duration.ofSeconds(30)).until(() -> tus.head(upload).status() == 410);
        assertThat(client.get("/v1/videos").text("/data/0/error/code")).isEqualTo("upload-expired");
        awaitNothingStaged(upload);
    }

    @Test
    void tooManySmallPiecesAreRefused() {
        String upload = tus.created(clip.length);
        update("segments = 10000", upload);

        Answer refused = tus.patch(upload, 0, new byte[1]);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("/code")).isEqualTo("too-many-parts");
    }

    @Test
    void serverSaysWhatItSpeaks() {
        Answer options = client.method("OPTIONS", "/v1/tus");

        assertThat(options.status()).isEqualTo(204);
        assertThat(options.header("Tus-Version")).isEqualTo("1.0.0");
        assertThat(options.header("Tus-Extension"))
                .isEqualTo("creation,creation-with-upload,checksum,expiration,termination");
        assertThat(options.header("Tus-Max-Size")).isEqualTo(Long.toString(RunningApi.MAX_UPLOAD_BYTES));
        assertThat(options.header("Tus-Checksum-Algorithm")).isEqualTo("sha1,sha256");
        Answer other = client.method("HEAD", "/v1/tus/upl_" + UUID.randomUUID(), "Tus-Resumable", "0.2.2");
        assertThat(other.status()).isEqualTo(412);
        assertThat(other.header("Tus-Version")).isEqualTo("1.0.0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Upload-Length       | x             | 400
                    Upload-Length       | -1            | 400
                    Upload-Length       | 0             | 422
                    Upload-Length       | 99999999999   | 413
                    Upload-Defer-Length | 1             | 400
                    Upload-Metadata     | a b c         | 400
                    Upload-Metadata     | a !!!         | 400
                    Upload-Metadata     | a YQ==,a YQ== | 400
                    Upload-Metadata     | sha256 YQ==   | 422
                    """)
    void uploadsThatCanNotBeAreNotBegun(String header, String value, int status) {
        Answer refused = client.send(
                header.equals("Upload-Metadata")
                        ? client.request("/v1/tus", "Tus-Resumable", "1.0.0", "Upload-Length", "5", header, value)
                                .POST(BodyPublishers.noBody())
                        : client.request("/v1/tus", "Tus-Resumable", "1.0.0", header, value)
                                .POST(BodyPublishers.noBody()));

        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.text("/detail")).isNotEmpty();
        assertThat(client.get("/v1/videos").json().at("/data")).isEmpty();
    }

    @Test
    void clientsThatCanNotPatchPost() {
        String upload = tus.created(clip.length);

        Answer sent = client.send(client.request(
                        upload,
                        "X-HTTP-Method-Override",
                        "PATCH",
                        "Tus-Resumable",
                        "1.0.0",
                        "Upload-Offset",
                        "0",
                        "Content-Type",
                        TusClient.BYTES)
                .POST(BodyPublishers.ofByteArray(clip)));

        assertThat(sent.status()).isEqualTo(204);
        assertThat(client.send(client.request(upload).POST(BodyPublishers.noBody()))
                        .status())
                .isEqualTo(405);
    }

    @Test
    void uploadsOfAnotherTenantDoNotExist() {
        String upload = tus.created(clip.length);
        TusClient other = new TusClient(api.newTenant());

        assertThat(other.head(upload).status()).isEqualTo(404);
        assertThat(other.patch(upload, 0, clip).status()).isEqualTo(404);
        assertThat(other.terminate(upload).status()).isEqualTo(404);
        assertThat(tus.offset(upload)).isZero();
    }

    private String sha256OfClip() {
        try {
            return PaddedClip.sha256(Files.newInputStream(Clips.VIDEO));
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private void update(String change, String upload) {
        api.bean(JdbcClient.class)
                .sql("update upload set " + change + " where video_id = :id")
                .param("id", id(upload))
                .update();
    }

    private UUID tenantOf(String upload) {
        return api.bean(JdbcClient.class)
                .sql("select tenant_id from upload where video_id = :id")
                .param("id", id(upload))
                .query(UUID.class)
                .single();
    }

    private static UUID id(String upload) {
        return ExternalId.UPLOAD
                .parse(upload.substring(upload.lastIndexOf('/') + 1))
                .orElseThrow();
    }

    private void awaitNothingStaged(String upload) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> api.store().filesNaming("uploads/" + id(upload)), List::isEmpty);
    }
}
