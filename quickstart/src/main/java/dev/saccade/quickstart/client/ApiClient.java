package dev.saccade.quickstart.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to one API with one key. Answers are the API's JSON; refusals are {@link ApiException}s. */
public final class ApiClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Of what is as long as a file. */
    private static final Duration TRANSFER = Duration.ofMinutes(30);

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
                .timeout(TRANSFER)
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

    /**
     * {@code POST /v1/batches}: submits jobs, one JSON object a line, and gives the batch.
     *
     * @param idempotencyKey the same key with the same lines gives the same batch
     */
    public JsonNode submitBatch(String lines, String idempotencyKey) throws IOException {
        return exchange(request("/v1/batches")
                .timeout(TRANSFER)
                .header("Content-Type", "application/jsonl")
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.ofString(lines))
                .build());
    }

    /** {@code GET} of a path that answers one JSON object a line, e.g. a batch's output; each is given as it comes. */
    public void lines(String path, Consumer<JsonNode> line) throws IOException {
        HttpRequest request = request(path)
                .timeout(TRANSFER)
                .setHeader("Accept", "application/jsonl, application/problem+json")
                .GET()
                .build();
        HttpResponse<Stream<String>> response = send(request, BodyHandlers.ofLines());
        try (Stream<String> body = response.body()) {
            if (response.statusCode() >= 400) {
                byte[] problem = body.collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8);
                throw refusal(request, response.statusCode(), problem);
            }
            body.forEach(text -> line.accept(JsonMapper.shared().readTree(text)));
        } catch (UncheckedIOException broken) {
            throw broken.getCause();
        }
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
        return send(request, BodyHandlers.ofByteArray());
    }

    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException {
        try {
            return http.send(request, handler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "interrupted while waiting for " + request.uri().getPath());
        }
    }

    private JsonNode exchange(HttpRequest request) throws IOException {
        HttpResponse<byte[]> response = send(request);
        if (response.statusCode() >= 400) {
            throw refusal(request, response.statusCode(), response.body());
        }
        return JsonMapper.shared().readTree(response.body());
    }

    private static ApiException refusal(HttpRequest request, int status, byte[] body) {
        try {
            JsonNode problem = JsonMapper.shared().readTree(body);
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
