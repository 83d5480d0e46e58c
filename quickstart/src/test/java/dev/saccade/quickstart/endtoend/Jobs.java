package dev.saccade.quickstart.endtoend;

import static org.awaitility.Awaitility.await;

import dev.saccade.quickstart.client.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Jobs that a test submitted, seen over HTTP. */
public record Jobs(List<String> ids) {

    private static final Set<String> ENDED = Set.of("succeeded", "failed", "cancelled", "expired");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    static Jobs submit(ApiClient client, String videoId, int count) throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            JsonNode job = client.submit(Fixtures.greedyJob(videoId, Fixtures.QUESTION));
            ids.add(job.path("id").asString());
        }
        return new Jobs(List.copyOf(ids));
    }

    public static JsonNode awaitEnd(ApiClient client, String id) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> client.get("/v1/jobs/" + id),
                        job -> ENDED.contains(job.path("state").asString()));
    }

    void awaitAllSucceeded(ApiClient client) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> states(client), states -> states.stream().allMatch("succeeded"::equals));
    }

    List<String> states(ApiClient client) throws IOException {
        List<String> states = new ArrayList<>();
        for (JsonNode job : client.get("/v1/jobs?limit=100").path("data")) {
            if (ids.contains(job.path("id").asString())) {
                states.add(job.path("state").asString());
            }
        }
        return states;
    }
}
