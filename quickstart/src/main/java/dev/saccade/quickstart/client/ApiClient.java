package dev.saccade.quickstart.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to one API with one key. Answers are the API's JSON; refusals are {@link ApiException}s. */
public final class ApiClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final URI base;
    private final String apiKey;

    public ApiClient(URI base, String apiKey) {
        this.base = base;
        this.apiKey = apiKey;
    }

    /**
     * {@code POST /v1/videos}: uploads a file, and gives the clip's facts.
     *
     * @param sent is told how many bytes have gone out so far
     */
    public JsonNode upload(Path file, LongConsumer sent) throws IOException {
        MultipartFile body = new MultipartFile(file, sent);
        return exchange(request("/v1/videos")
                .header("Content-Type", body.contentType())
                .POST(body.publisher())
                .build());
    }

    /** {@code POST /v1/jobs} with this JSON body. */
    public JsonNode submit(Object job) throws IOException {
        return exchange(request("/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(job)))
                .build());
    }

    /** {@code GET} of a path that answers JSON, e.g. {@code /v1/jobs/job_…}. */
    public JsonNode get(String path) throws IOException {
        return exchange(request(path).GET().build());
    }

    /** A request to this path that carries the key. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + apiKey)
                .header("Accept", "application/json, application/problem+json");
    }

    /** Sends a request and keeps the answer as it is. */
    public HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "interrupted while waiting for " + request.uri().getPath());
        }
    }

    private JsonNode exchange(HttpRequest request) throws IOException {
        HttpResponse<byte[]> response = send(request);
        if (response.statusCode() >= 400) {
            throw refusal(request, response);
        }
        return JsonMapper.shared().readTree(response.body());
    }

    private static ApiException refusal(HttpRequest request, HttpResponse<byte[]> response) {
        int status = response.statusCode();
        try {
            JsonNode problem = JsonMapper.shared().readTree(response.body());
            String detail =
                    problem.path("detail").asString(problem.path("title").asString(""));
            return new ApiException(status, problem.path("code").asString(""), detail);
        } catch (JacksonException e) {
            return new ApiException(
                    status, "", request.method() + " " + request.uri().getPath() + " was answered with " + status);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
