package dev.saccade.worker.media;

import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.MinioClient;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bucket of MinIO or any other S3. Connects when it is first used. */
public final class S3MediaStore implements MediaStore, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(S3MediaStore.class);

    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** Between two packets, not for the whole object: a large clip may take as long as it keeps coming. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

    /** What MinIO calls its own, and S3's first. */
    public static final String USUAL_REGION = "us-east-1";

    private final OkHttpClient http;
    private final MinioClient client;
    private final MinioClient checks;
    private final String bucket;

    /**
     * @param endpoint address such as {@code http://minio:9000}
     * @param region the bucket's; naming it spares a round trip, and the right to ask for it
     */
    public S3MediaStore(String endpoint, String accessKey, String secretKey, String bucket, String region) {
        this.bucket = bucket;
        this.http = new OkHttpClient.Builder()
                .connectTimeout(CONNECT_TIMEOUT)
                .readTimeout(READ_TIMEOUT)
                .build();
        this.client = client(endpoint, accessKey, secretKey, region, http);
        this.checks = client(
                endpoint,
                accessKey,
                secretKey,
                region,
                http.newBuilder()
                        .connectTimeout(CHECK_TIMEOUT)
                        .callTimeout(CHECK_TIMEOUT.multipliedBy(2))
                        .build());
    }

    private static MinioClient client(
            String endpoint, String accessKey, String secretKey, String region, OkHttpClient http) {
        return MinioClient.builder()
                .endpoint(endpoint)
                .credentials(accessKey, secretKey)
                .region(region)
                .httpClient(http)
                .build();
    }

    @Override
    public InputStream open(String objectKey) throws IOException, UnusableMediaException {
        try {
            return client.getObject(
                    GetObjectArgs.builder().bucket(bucket).object(objectKey).build());
        } catch (ErrorResponseException e) {
            if ("NoSuchKey".equals(e.errorResponse().code())) {
                throw UnusableMediaException.missing();
            }
            throw new IOException("The object store refused to hand out an object.", e);
        } catch (MinioException | IllegalStateException e) {
            // the client wraps a refused connection in an IllegalStateException
            throw new IOException("The object store could not be read.", e);
        }
    }

    @Override
    public boolean reachable() {
        try {
            return checks.bucketExists(BucketExistsArgs.builder().bucket(bucket).build());
        } catch (MinioException | IllegalStateException e) {
            LOG.debug("The object store does not answer", e);
            return false;
        }
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
