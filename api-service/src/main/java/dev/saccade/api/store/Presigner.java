package dev.saccade.api.store;

import io.minio.Signer;
import io.minio.errors.MinioException;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Signs addresses for clients (AWS Signature 4 in the query). The length is signed with the address, which MinIO's own
 * {@code getPresignedObjectUrl} leaves open: no other number of bytes can be sent.
 */
final class Presigner {

    private static final DateTimeFormatter AMAZON = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

    private final StoreProperties properties;
    private final HttpUrl endpoint;

    Presigner(StoreProperties properties) {
        this.properties = properties;
        this.endpoint = HttpUrl.get(Objects.requireNonNullElse(properties.publicEndpoint(), properties.endpoint()));
    }

    private static String host(HttpUrl url) {
        String name = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
        return url.port() == HttpUrl.defaultPort(url.scheme()) ? name : name + ":" + url.port();
    }

    URI put(String key, long bytes, Duration life) {
        HttpUrl url = endpoint.newBuilder()
                .addPathSegment(properties.bucket())
                .addPathSegments(key)
                .build();
        Request request = new Request.Builder()
                .url(url)
                .header("Host", host(url))
                .header("Content-Length", Long.toString(bytes))
                .header("X-Amz-Date", ZonedDateTime.now(ZoneOffset.UTC).format(AMAZON))
                .put(RequestBody.create(new byte[0]))
                .build();
        try {
            return Signer.presignV4(
                            request,
                            properties.region(),
                            properties.accessKey(),
                            properties.secretKey(),
                            Math.toIntExact(life.toSeconds()))
                    .uri();
        } catch (MinioException failure) {
            throw new IllegalStateException("An address could not be signed.", failure);
        }
    }
}
