package dev.saccade.api.running;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

/** A client of the API, over HTTP like any other. */
public final class Client {

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private static final String BOUNDARY = "saccade-test-boundary";

    private final int port;
    private final String key;

    Client(int port, String key) {
        this.port = port;
        this.key = key;
    }

    public Answer get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    public Answer post(String path, String json) {
        return send(request(path, "Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    public Answer post(String path, String json, String... headers) {
        var request = request(path, headers).header("Content-Type", "application/json");
        return send(request.POST(BodyPublishers.ofString(json)));
    }

    public Answer cancel(String jobId) {
        return send(request("/v1/jobs/" + jobId + "/cancel").POST(BodyPublishers.noBody()));
    }

    public Answer method(String method, String path, String... headers) {
        return send(request(path, headers).method(method, BodyPublishers.noBody()));
    }

    /** Uploads a file of the repository and returns its id. */
    public String uploaded(Path file) {
        Answer answer = upload(file);
        if (answer.status() != 201) {
            throw new AssertionError("The upload was answered with " + answer.status() + " " + answer.json());
        }
        return answer.text("/id");
    }

    public Answer upload(Path file) {
        try {
            return upload(file.getFileName().toString(), BodyPublishers.ofByteArray(Files.readAllBytes(file)));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public Answer upload(String filename, BodyPublisher content) {
        return form(part("file", filename), content);
    }

    /** A body whose length is not told before: the transfer is chunked. */
    public Answer uploadChunked(String filename, Supplier<InputStream> content) {
        return upload(filename, BodyPublishers.ofInputStream(content));
    }

    /** A form whose first part has these headers. */
    public Answer form(String partHeaders, BodyPublisher content) {
        return send(form(BOUNDARY, partHeaders, content));
    }

    /** An upload as a client makes it anew: the form's boundary is another one each time. */
    public Answer uploadWithKey(String key, Path file) {
        try {
            String name = file.getFileName().toString();
            var content = BodyPublishers.ofByteArray(Files.readAllBytes(file));
            return send(form(UUID.randomUUID().toString(), part("file", name), content)
                    .header("Idempotency-Key", key));
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private HttpRequest.Builder form(String boundary, String partHeaders, BodyPublisher content) {
        return request("/v1/videos", "Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.concat(
                        BodyPublishers.ofString("--" + boundary + "\r\n" + partHeaders + "\r\n\r\n"),
                        content,
                        BodyPublishers.ofString("\r\n--" + boundary + "--\r\n")));
    }

    public static String part(String name, String filename) {
        return "Content-Disposition: form-data; name=\"" + name + "\"; filename=\"" + filename + "\"\r\n"
                + "Content-Type: application/octet-stream";
    }

    public HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofMinutes(5));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        for (int i = 0; i + 1 < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (IOException failure) {
            throw new IllegalStateException("No answer to " + request, failure);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(failure);
        }
    }

    /** The API's key, for what this client can't send. */
    public String key() {
        return key;
    }

    /** A JSON text that holds {@code text} as a string. */
    public static String quoted(String text) {
        return new String(
                tools.jackson.databind.json.JsonMapper.shared().writeValueAsBytes(text), StandardCharsets.UTF_8);
    }
}
