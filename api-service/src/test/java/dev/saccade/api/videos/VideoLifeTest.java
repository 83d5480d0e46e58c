package dev.saccade.api.videos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.Role;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

final class VideoLifeTest {

    private final RunningApi api = RunningApi.get();
    private final UUID tenant = api.newTenantId();
    private final Client client = api.newClient(tenant, Role.ADMIN.scopes());

    @Test
    void listShowsTheTenantsMediaNewestFirstPageByPage() {
        List<String> uploaded = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            uploaded.addFirst(client.uploaded(Clips.IMAGE));
        }
        client.upload("bad.mp4", BodyPublishers.ofString("no video"));

        Answer first = client.get("/v1/videos?state=ready&limit=2");
        Answer rest = client.get("/v1/videos?state=ready&limit=2&after=" + first.text("/next_cursor"));

        assertThat(ids(first)).isEqualTo(uploaded.subList(0, 2));
        assertThat(first.json().at("/has_more").asBoolean()).isTrue();
        assertThat(ids(rest)).isEqualTo(uploaded.subList(2, 3));
        assertThat(rest.json().at("/has_more").asBoolean()).isFalse();
        assertThat(client.get("/v1/videos").text("/data/0/state")).isEqualTo("rejected");
        assertThat(client.get("/v1/videos").text("/data/0/error/code")).isNotEmpty();
        assertThat(ids(api.newTenant().get("/v1/videos"))).isEmpty();
        assertThat(ids(api.newTenant().get("/v1/videos?after=" + uploaded.getFirst())))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=101", "after=job_1", "state=gone", "state=READY"})
    void listRefusesParametersThatItDoesNotKnow(String query) {
        Answer refused = client.get("/v1/videos?" + query);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/code")).isEqualTo("invalid-parameter");
    }

    @Test
    void deletedVideoLosesItsBytesAndKeepsItsRowAndItsAudit() {
        String id = client.uploaded(Clips.VIDEO);
        assertThat(stored(id)).isTrue();

        assertThat(client.method("DELETE", "/v1/videos/" + id).status()).isEqualTo(204);
        assertThat(client.method("DELETE", "/v1/videos/" + id).status()).isEqualTo(204);

        Answer deleted = client.get("/v1/videos/" + id);
        assertThat(deleted.text("/state")).isEqualTo("deleted");
        assertThat(deleted.text("/deletion/code")).isEqualTo("deleted");
        assertThat(deleted.text("/deletion/message")).isNotEmpty();
        assertThat(deleted.text("/deletion/at")).isNotEmpty();
        assertThat(deleted.text("/sha256")).isNotEmpty();
        assertThat(deleted.text("/links/content")).isEmpty();
        Answer content = client.get("/v1/videos/" + id + "/content");
        assertThat(content.status()).isEqualTo(410);
        assertThat(content.text("/code")).isEqualTo("video-deleted");
        assertThat(ids(client.get("/v1/videos"))).isEmpty();
        assertThat(ids(client.get("/v1/videos?state=deleted"))).containsExactly(id);
        await().atMost(Duration.ofSeconds(30)).until(() -> !stored(id));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(actions(id)).containsExactly("video.deleted", "video.ready", "video.upload_begun"));
    }

    @Test
    void jobOnADeletedVideoIsRefusedWithThePlace() {
        String id = client.uploaded(Clips.VIDEO);
        client.method("DELETE", "/v1/videos/" + id);

        Answer refused = client.post("/v1/jobs", "{\"video\": \"" + id + "\", \"question\": \"What happens?\"}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/code")).isEqualTo("video-deleted");
        assertThat(refused.text("/errors/0/pointer")).isEqualTo("/video");
    }

    @Test
    void rejectedUploadCanBeDeletedAsWell() {
        client.upload("bad.mp4", BodyPublishers.ofString("no video"));
        String id = client.get("/v1/videos").text("/data/0/id");

        assertThat(client.method("DELETE", "/v1/videos/" + id).status()).isEqualTo(204);

        assertThat(client.get("/v1/videos/" + id).text("/state")).isEqualTo("deleted");
    }

    @Test
    void anothersVideoCanNotBeDeleted() {
        String id = client.uploaded(Clips.IMAGE);

        Answer refused = api.newTenant().method("DELETE", "/v1/videos/" + id);

        assertThat(refused.status()).isEqualTo(404);
        assertThat(client.get("/v1/videos/" + id).text("/state")).isEqualTo("ready");
    }

    @Test
    void whoOnlyReadsMayNotDelete() {
        String id = client.uploaded(Clips.IMAGE);
        Client viewer = api.newClient(tenant, Role.VIEWER.scopes());

        assertThat(viewer.method("DELETE", "/v1/videos/" + id).status()).isEqualTo(403);
        assertThat(ids(viewer.get("/v1/videos"))).containsExactly(id);
    }

    @Test
    void mediaOfATenantThatKeepsItForAWhileSaysWhenItGoes() {
        String before = client.uploaded(Clips.IMAGE);
        assertThat(retention("{\"media_hours\": 48}")
                        .json()
                        .at("/retention/media_hours")
                        .asInt())
                .isEqualTo(48);

        Answer uploaded = client.upload(Clips.VIDEO);

        assertThat(Instant.parse(uploaded.text("/expires_at")))
                .isCloseTo(
                        Instant.parse(uploaded.text("/created_at")).plus(Duration.ofHours(48)),
                        org.assertj.core.api.Assertions.within(5, ChronoUnit.MINUTES));
        assertThat(client.get("/v1/videos/" + before).text("/expires_at"))
                .as("what earlier uploads were told holds")
                .isEmpty();
        retention("{}");
        assertThat(client.upload(Clips.VIDEO).text("/expires_at")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"media_hours\": 0}", "{\"media_hours\": -1}", "{\"media_hours\": 9223372036854775807}"})
    void timesThatCanNotBeKeptAreRefused(String body) {
        Answer refused = retention(body);

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/errors/0/pointer")).isEqualTo("/media_hours");
    }

    @Test
    void mediaWhoseTimeIsOverIsDeletedWithItsBytes() {
        retention("{\"media_hours\": 1}");
        String id = client.uploaded(Clips.VIDEO);
        String kept = client.uploaded(Clips.IMAGE);

        api.bean(JdbcClient.class)
                .sql("update video set expires_at = clock_timestamp() where id = :id")
                .param("id", ExternalId.VIDEO.parse(id).orElseThrow())
                .update();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.get("/v1/videos/" + id).text("/state").equals("deleted") && !stored(id));
        assertThat(client.get("/v1/videos/" + id).text("/deletion/code")).isEqualTo("expired");
        assertThat(client.get("/v1/videos/" + kept).text("/state")).isEqualTo("ready");
    }

    @Test
    void deletedBytesGiveTheirPlaceBack() {
        String id = client.uploaded(Clips.VIDEO);
        long before =
                client.get("/v1/usage").json().at("/quotas/stored_bytes/used").asLong(-1);

        client.method("DELETE", "/v1/videos/" + id);

        assertThat(client.get("/v1/usage")
                        .json()
                        .at("/quotas/stored_bytes/used")
                        .asLong(-1))
                .isLessThan(before);
    }

    @Test
    void sameFileTwiceIsStoredOnceAndStaysWhileOneOfThemDoes() throws java.io.IOException {
        String first = client.uploaded(Clips.VIDEO);
        String second = client.uploaded(Clips.VIDEO);
        assertThat(stored(first)).isTrue();
        assertThat(stored(second)).isFalse();

        client.method("DELETE", "/v1/videos/" + first);
        await().atMost(Duration.ofSeconds(30)).until(() -> removalsAreDone(first));

        assertThat(client.get("/v1/videos/" + second + "/content").body())
                .isEqualTo(java.nio.file.Files.readAllBytes(Clips.VIDEO));
        client.method("DELETE", "/v1/videos/" + second);
        await().atMost(Duration.ofSeconds(30)).until(() -> !stored(first));
    }

    private boolean removalsAreDone(String id) {
        return api.bean(JdbcClient.class)
                .sql("select remove_at is null from video where id = :id")
                .param("id", ExternalId.VIDEO.parse(id).orElseThrow())
                .query(Boolean.class)
                .single();
    }

    private Answer retention(String body) {
        Client platform = api.client(RunningApi.BOOTSTRAP_KEY);
        return platform.send(platform.request(
                        "/v1/tenants/" + ExternalId.TENANT.format(tenant) + "/retention",
                        "Content-Type",
                        "application/json")
                .PUT(BodyPublishers.ofString(body)));
    }

    private boolean stored(String id) {
        return !api.store().filesNaming(id.substring(4)).isEmpty();
    }

    private List<String> actions(String id) {
        return client.get("/v1/audit?subject=" + id)
                .json()
                .at("/data")
                .valueStream()
                .map(event -> event.at("/action").asString(""))
                .toList();
    }

    private static List<String> ids(Answer page) {
        return page.json()
                .at("/data")
                .valueStream()
                .map(video -> video.at("/id").asString(""))
                .toList();
    }
}
