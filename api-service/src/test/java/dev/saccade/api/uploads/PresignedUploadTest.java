package dev.saccade.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.PaddedClip;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.Role;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

final class PresignedUploadTest {

    private static final int PART = 64 << 10;
    private static final HttpClient STORE = HttpClient.newHttpClient();

    private final RunningApi api = RunningApi.get();
    private final UUID tenant = api.newTenantId();
    private final Client client = api.newClient(tenant, Role.ADMIN.scopes());
    private final byte[] clip = read();

    @Test
    void fileGoesToTheStoreInOnePartAndBecomesAVideo() {
        Answer upload = begin(clip.length, "\"filename\": \"../a.mp4\", \"part_size_bytes\": " + clip.length);

        assertThat(upload.status()).as(upload.json().toString()).isEqualTo(201);
        assertThat(upload.header("Location")).isEqualTo(upload.text("/links/self"));
        assertThat(upload.text("/id")).startsWith("upl_");
        assertThat(upload.text("/video/state")).isEqualTo("uploading");
        assertThat(upload.json().at("/parts")).hasSize(1);
        assertThat(Instant.parse(upload.text("/expires_at"))).isAfter(Instant.now());
        assertThat(put(upload, 1, clip)).isEqualTo(200);
        Answer video = complete(upload, "{\"sha256\": \"" + sha256(clip) + "\"}");

        assertThat(video.status()).as(video.json().toString()).isEqualTo(200);
        assertThat(video.text("/id")).isEqualTo(upload.text("/video/id"));
        assertThat(video.text("/state")).isEqualTo("ready");
        assertThat(video.text("/filename")).isEqualTo("a.mp4");
        assertThat(video.text("/sha256")).isEqualTo(sha256(clip));
        assertThat(client.get(video.text("/links/content")).body()).isEqualTo(clip);
        assertThat(complete(upload, "{}").json()).as("completed twice").isEqualTo(video.json());
        awaitNothingStaged(upload);
    }

    @Test
    void partsMayComeInAnyOrderAndAgain() {
        Answer upload = begun();
        int parts = upload.json().at("/parts").size();
        assertThat(parts).isGreaterThan(1);
        put(upload, 1, new byte[PART]);
        StringBuilder named = new StringBuilder();
        String[] etags = new String[parts];
        for (int part = parts; part >= 1; part--) {
            etags[part - 1] = etag(upload, part, slice(part));
        }
        for (int part = 1; part <= parts; part++) {
            named.append(part > 1 ? "," : "")
                    .append("{\"part_number\": " + part + ", \"etag\": " + Client.quoted(etags[part - 1]) + "}");
        }

        Answer video = complete(upload, "{\"parts\": [" + named + "]}");

        assertThat(video.status()).as(video.json().toString()).isEqualTo(200);
        assertThat(client.get(video.text("/links/content")).body()).isEqualTo(clip);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    2,1       | parts-out-of-order | /parts/0/part_number
                    1,1       | parts-overlap      | /parts/1/part_number
                    0         | no-such-part       | /parts/0/part_number
                    -1        | no-such-part       | /parts/0/part_number
                    10001     | no-such-part       | /parts/0/part_number
                    1         | parts-missing      | /parts
                    1,1,1,1,1 | too-many-parts     | /parts
                    """)
    void partsAreNamedOnceInOrder(String numbers, String code, String pointer) {
        Answer upload = begun();

        Answer refused = complete(
                upload,
                "{\"parts\": ["
                        + Arrays.stream(numbers.split(","))
                                .map(number -> "{\"part_number\": " + number + "}")
                                .reduce((a, b) -> a + "," + b)
                                .orElseThrow()
                        + "]}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/code")).isEqualTo(code);
        assertThat(refused.text("/errors/0/pointer")).isEqualTo(pointer);
        assertThat(state(upload)).isEqualTo("uploading");
    }

    @Test
    void missingPartsAreNamedAndCanStillBeSent() {
        Answer upload = begun();
        put(upload, 1, slice(1));

        Answer refused = complete(upload, "{}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/code")).isEqualTo("parts-missing");
        assertThat(refused.text("/errors/0/pointer")).isEqualTo("/parts/1");
        sendAll(upload);
        assertThat(complete(upload, "{}").status()).isEqualTo(200);
    }

    @Test
    void partThatWasSentAgainHasAnotherETag() {
        Answer upload = begin(clip.length, "\"part_size_bytes\": " + clip.length);
        String before = etag(upload, 1, clip);
        byte[] other = clip.clone();
        other[clip.length - 1]++;
        put(upload, 1, other);

        Answer refused =
                complete(upload, "{\"parts\": [{\"part_number\": 1, \"etag\": " + Client.quoted(before) + "}]}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/errors/0/detail")).contains("ETag");
    }

    @Test
    void addressTakesTheLengthThatItWasSignedForAndNoOther() {
        Answer upload = begin(clip.length, "\"part_size_bytes\": " + clip.length);

        assertThat(put(upload, 1, Arrays.copyOf(clip, clip.length + 1))).isEqualTo(403);
        assertThat(put(upload, 1, Arrays.copyOf(clip, clip.length - 1))).isEqualTo(403);
        assertThat(complete(upload, "{}").text("/code")).isEqualTo("parts-missing");
    }

    @Test
    void objectThatIsReplacedAfterTheCheckChangesNothing() {
        Answer upload = begin(clip.length, "\"part_size_bytes\": " + clip.length);
        put(upload, 1, clip);
        Answer video = complete(upload, "{}");

        put(upload, 1, new byte[clip.length]);

        assertThat(client.get(video.text("/links/content")).body()).isEqualTo(clip);
        assertThat(client.get(video.text("/links/self")).text("/sha256")).isEqualTo(sha256(clip));
    }

    @Test
    void wrongChecksumRejectsTheUpload() {
        Answer upload = begun();
        sendAll(upload);

        Answer refused = complete(upload, "{\"sha256\": \"" + "0".repeat(64) + "\"}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/code")).isEqualTo("checksum-mismatch");
        assertThat(state(upload)).isEqualTo("rejected");
        assertThat(complete(upload, "{}").status()).isEqualTo(410);
        assertThat(client.get(upload.text("/links/self")).json().at("/parts")).isEmpty();
        awaitNothingStaged(upload);
    }

    @Test
    void checksumOfTheBeginCountsToo() {
        Answer upload = begin(clip.length, "\"sha256\": \"" + "0".repeat(64) + "\"");
        put(upload, 1, clip);

        assertThat(complete(upload, "{\"sha256\": \"" + sha256(clip) + "\"}").text("/code"))
                .isEqualTo("checksum-mismatch");
        assertThat(state(upload)).isEqualTo("uploading");
        assertThat(complete(upload, "{}").text("/code")).isEqualTo("checksum-mismatch");
        assertThat(state(upload)).isEqualTo("rejected");
    }

    @Test
    void whatIsNoMediaIsRejectedWithAReason() {
        Answer upload = begin(1_000, "\"filename\": \"clip.mp4\"");
        put(upload, 1, new byte[1_000]);

        Answer refused = complete(upload, "{}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/code")).isEqualTo("media-not-recognised");
        assertThat(client.get("/v1/videos/" + upload.text("/video/id")).text("/error/code"))
                .isEqualTo("media-not-recognised");
        awaitNothingStaged(upload);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                     | 422 | invalid-field
                    {"size_bytes": -1}                                     | 422 | invalid-field
                    {"size_bytes": 0}                                      | 422 | empty-file
                    {"size_bytes": 9223372036854775807}                    | 413 | file-too-large
                    {"size_bytes": 209715200, "part_size_bytes": 65536}    | 422 | too-many-parts
                    {"size_bytes": 209715200, "part_size_bytes": 1}        | 422 | invalid-field
                    {"size_bytes": 209715200, "part_size_bytes": -1}       | 422 | invalid-field
                    {"size_bytes": 5, "sha256": "x"}                       | 422 | invalid-field
                    {"size_bytes": 5, "tenant_id": "x"}                    | 422 | unknown-field
                    {"size_bytes": "5"}                                    | 422 | invalid-field
                    """)
    void uploadsThatCanNotBeAreNotBegun(String body, int status, String code) {
        Answer refused = client.post("/v1/uploads", body);

        assertThat(refused.status()).as(refused.json().toString()).isEqualTo(status);
        if (!code.equals("unknown-field")) {
            assertThat(refused.text("/code")).isNotEmpty();
        }
        assertThat(client.get("/v1/videos").json().at("/data")).isEmpty();
    }

    @Test
    void uploadThatIsGivenUpLeavesNothing() {
        Answer upload = begun();
        sendAll(upload);

        assertThat(client.method("DELETE", upload.text("/links/self")).status()).isEqualTo(204);

        assertThat(state(upload)).isEqualTo("deleted");
        assertThat(complete(upload, "{}").status()).isEqualTo(410);
        awaitNothingStaged(upload);
    }

    @Test
    void uploadWhoseTimeIsOverIsRejectedAndClearedAwayWithWhatCameLate() {
        Answer upload = begun();
        sendAll(upload);

        expire(upload, "0 s");

        await().atMost(Duration.ofSeconds(30)).until(() -> state(upload).equals("rejected"));
        assertThat(client.get("/v1/videos/" + upload.text("/video/id")).text("/error/code"))
                .isEqualTo("upload-expired");
        awaitNothingStaged(upload);
        put(upload, 1, slice(1)); // its address was signed for longer
        expire(upload, "1 h");
        api.bean(JdbcClient.class)
                .sql("update upload set remove_at = clock_timestamp() where video_id = :id")
                .param("id", id(upload))
                .update();
        awaitNothingStaged(upload);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.get(upload.text("/links/self")).status() == 404);
        assertThat(client.get("/v1/videos/" + upload.text("/video/id")).text("/state"))
                .isEqualTo("rejected");
    }

    @Test
    void fileThatIsBeingCheckedIsNotCheckedTwice() {
        Answer upload = begun();
        sendAll(upload);
        var sessions = api.bean(dev.saccade.ledger.uploads.UploadSessions.class);
        var view = sessions.find(tenant, id(upload), dev.saccade.ledger.uploads.NewUpload.Protocol.PRESIGNED)
                .orElseThrow();
        var taken = sessions.take(view, Duration.ofMinutes(1)).orElseThrow();

        Answer refused = complete(upload, "{}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text("/code")).isEqualTo("upload-being-checked");
        assertThat(refused.header("Retry-After")).isNotEmpty();
        sessions.release(taken);
        assertThat(complete(upload, "{}").status()).isEqualTo(200);
    }

    @Test
    void storeThatIsDownAtCompletionCostsNothing() {
        Answer upload = begun();
        sendAll(upload);
        api.store().stop();
        try {
            assertThat(complete(upload, "{}").status()).isEqualTo(503);
            assertThat(state(upload)).isEqualTo("uploading");
        } finally {
            api.store().start();
        }

        assertThat(complete(upload, "{}").status()).isEqualTo(200);
    }

    @Test
    void uploadsOfAnotherTenantDoNotExist() {
        Answer upload = begun();
        Client other = api.newTenant();
        String self = upload.text("/links/self");

        assertThat(other.get(self).status()).isEqualTo(404);
        assertThat(other.post(self + "/complete", "{}").status()).isEqualTo(404);
        assertThat(other.method("DELETE", self).status()).isEqualTo(404);
        assertThat(other.method("HEAD", "/v1/tus/" + upload.text("/id"), "Tus-Resumable", "1.0.0")
                        .status())
                .isEqualTo(404);
        assertThat(state(upload)).isEqualTo("uploading");
    }

    @Test
    void whoOnlyReadsGetsNoAddressesToWriteTo() {
        Answer upload = begun();
        Client viewer = api.newClient(tenant, Role.VIEWER.scopes());

        assertThat(viewer.get(upload.text("/links/self")).status()).isEqualTo(403);
    }

    @Test
    void uploadsThatAreGoingOnTakeRoomOfTheQuota() {
        api.bean(JdbcClient.class)
                .sql("update tenant set max_stored_bytes = :most where id = :id")
                .param("most", 3L * clip.length)
                .param("id", tenant)
                .update();
        Answer first = begun();
        begun();

        assertThat(begin(2L * clip.length, "\"filename\": \"c.mp4\"").text("/code"))
                .isEqualTo("stored-bytes-quota");
        client.method("DELETE", first.text("/links/self"));
        assertThat(begin(2L * clip.length, "\"filename\": \"c.mp4\"").status()).isEqualTo(201);
    }

    @Test
    void sameIdempotencyKeyBeginsOneUpload() {
        String body = "{\"size_bytes\": 5}";

        Answer first = client.post("/v1/uploads", body, "Idempotency-Key", "k1");
        Answer again = client.post("/v1/uploads", body, "Idempotency-Key", "k1");

        assertThat(again.json()).isEqualTo(first.json());
        assertThat(client.get("/v1/videos?state=uploading").json().at("/data")).hasSize(1);
    }

    private Answer begun() {
        Answer upload = begin(clip.length, "\"filename\": \"a.mp4\", \"part_size_bytes\": " + PART);
        assertThat(upload.status()).as(upload.json().toString()).isEqualTo(201);
        return upload;
    }

    private Answer begin(long size, String more) {
        return client.post("/v1/uploads", "{\"size_bytes\": " + size + ", " + more + "}");
    }

    private Answer complete(Answer upload, String body) {
        return client.post(upload.text("/links/complete"), body);
    }

    private void sendAll(Answer upload) {
        for (int part = 1; part <= upload.json().at("/parts").size(); part++) {
            assertThat(put(upload, part, slice(part))).isEqualTo(200);
        }
    }

    private byte[] slice(int part) {
        return Arrays.copyOfRange(clip, (part - 1) * PART, Math.min(clip.length, part * PART));
    }

    private static int put(Answer upload, int part, byte[] bytes) {
        return send(upload, part, bytes).statusCode();
    }

    private static String etag(Answer upload, int part, byte[] bytes) {
        return send(upload, part, bytes).headers().firstValue("ETag").orElseThrow();
    }

    private static HttpResponse<String> send(Answer upload, int part, byte[] bytes) {
        JsonNode told = upload.json().at("/parts").get(part - 1);
        try {
            return STORE.send(
                    HttpRequest.newBuilder(URI.create(told.at("/url").asString("")))
                            .PUT(BodyPublishers.ofByteArray(bytes))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(failure);
        }
    }

    private String state(Answer upload) {
        return client.get("/v1/videos/" + upload.text("/video/id")).text("/state");
    }

    private void expire(Answer upload, String ago) {
        api.bean(JdbcClient.class)
                .sql("update upload set expires_at = clock_timestamp() - cast(:ago as interval) where video_id = :id")
                .param("ago", ago)
                .param("id", id(upload))
                .update();
    }

    private static UUID id(Answer upload) {
        return ExternalId.UPLOAD.parse(upload.text("/id")).orElseThrow();
    }

    private void awaitNothingStaged(Answer upload) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> api.store().filesNaming("uploads/" + id(upload)), List::isEmpty);
    }

    private static String sha256(byte[] bytes) {
        return PaddedClip.sha256(new ByteArrayInputStream(bytes));
    }

    private static byte[] read() {
        try {
            return Files.readAllBytes(Clips.VIDEO);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }
}
