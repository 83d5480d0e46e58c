package dev.saccade.api.openai;

import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/** Chat requests of one tenant, and the jobs that they become. */
record Chats(Client client) {

    static final String MODEL = "cosmos-reason1-7b";

    /** A body with one message of the user, whose content is this JSON, and these further fields. */
    static String body(String content, String... fields) {
        String more = fields.length == 0 ? "" : ", " + String.join(", ", fields);
        return "{\"model\": \"" + MODEL + "\", \"messages\": [{\"role\": \"user\", \"content\": " + content + "}]"
                + more + "}";
    }

    /** Content of a question about something at a URL. */
    static String about(String type, String url) {
        return "[{\"type\": \"" + type + "\", \"" + type + "\": {\"url\": \"" + url
                + "\"}}, {\"type\": \"text\", \"text\": \"What is there?\"}]";
    }

    static String dataUrl(String type, Path file) {
        try {
            return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The answer, once there is one. */
    CompletableFuture<Answer> ask(String body, String... headers) {
        return CompletableFuture.supplyAsync(
                () -> client.post("/v1/chat/completions", body, headers), Executors.newVirtualThreadPerTaskExecutor());
    }

    Answer refused(String body) {
        return client.post("/v1/chat/completions", body);
    }

    /** The tenant's newest job, once there are so many. */
    String job(int count) {
        return await().atMost(Duration.ofSeconds(20))
                .until(() -> client.get("/v1/jobs").json().path("data"), jobs -> jobs.size() == count)
                .get(0)
                .path("id")
                .asString();
    }

    JsonNode request(String job) {
        return client.get("/v1/jobs/" + job).json().path("request");
    }
}
