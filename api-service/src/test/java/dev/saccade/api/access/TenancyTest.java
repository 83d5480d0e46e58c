package dev.saccade.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one tenant tries with what is another's: it does not exist. Keys and tokens have tests of their own. */
final class TenancyTest {

    private final RunningApi api = RunningApi.get();
    private final Client owner = api.newTenant();
    private final Client stranger = api.newTenant();
    private String video = "";
    private String job = "";

    @BeforeEach
    void ownersJob() {
        video = owner.uploaded(Clips.VIDEO);
        job = owner.post("/v1/jobs", question(video)).text("/id");
    }

    @Test
    void anothersJobCanNotBeRead() {
        assertMissing(stranger.get("/v1/jobs/" + job));
    }

    @Test
    void anothersJobCanNotBeStreamed() {
        assertMissing(stranger.get("/v1/jobs/" + job + "/events"));
    }

    @Test
    void anothersJobCanNotBeCancelled() {
        assertMissing(stranger.cancel(job));
        assertThat(owner.get("/v1/jobs/" + job).text("/state")).isEqualTo("queued");
    }

    @Test
    void anothersJobIsNotListed() {
        assertThat(text(stranger.get("/v1/jobs?limit=100"))).doesNotContain(job);
    }

    @Test
    void foreignCursorShowsNothingForeign() {
        owner.post("/v1/jobs", question(video));

        Answer page = stranger.get("/v1/jobs?after=" + job);

        assertThat(page.json().at("/data").isEmpty()).isTrue();
    }

    @Test
    void anothersVideoCanNotBeReadOrAskedAbout() {
        assertMissing(stranger.get("/v1/videos/" + video));
        assertMissing(stranger.get("/v1/videos/" + video + "/content"));
        Answer refused = stranger.post("/v1/jobs", question(video));
        Answer unknown = stranger.post("/v1/jobs", question("vid_" + UUID.randomUUID()));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(text(refused)).as("as if it did not exist").isEqualTo(text(unknown));
    }

    @Test
    void sameIdempotencyKeyOfAnotherTenantIsAnotherKey() {
        String key = UUID.randomUUID().toString();
        String first = keyed(owner, key, question(video)).text("/id");
        String own = stranger.uploaded(Clips.VIDEO);

        Answer answer = keyed(stranger, key, question(own));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/id")).isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenant", "tenant_id", "state", "urgency", "actor", "attempt", "id"})
    void fieldsThatAreNotTheClientsAreRefused(String field) {
        Answer refused =
                owner.post("/v1/jobs", "{\"video\": \"" + video + "\", \"question\": \"?\", \"" + field + "\": \"x\"}");

        assertThat(refused.text("/code")).isEqualTo("unknown-field");
    }

    @Test
    void priorityIsOneOfTheClasses() {
        assertThat(owner.post("/v1/jobs", "{\"video\": \"" + video + "\", \"question\": \"?\", \"priority\": \"root\"}")
                        .status())
                .isBetween(400, 422);
    }

    @Test
    void sameFileOfAnotherTenantIsAnotherVideo() {
        Answer same = stranger.upload(Clips.VIDEO);

        assertThat(same.status()).as("as for a file that nobody has").isEqualTo(201);
        assertThat(same.text("/id")).isNotEqualTo(video);
        assertMissing(stranger.get("/v1/videos/" + video));
    }

    private static void assertMissing(Answer answer) {
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("/code")).endsWith("-not-found");
    }

    private static String question(String video) {
        return "{\"video\": \"" + video + "\", \"question\": \"Is it safe?\"}";
    }

    private static Answer keyed(Client client, String key, String body) {
        return client.send(client.request("/v1/jobs", "Content-Type", "application/json", "Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
    }

    private static String text(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
