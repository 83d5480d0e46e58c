package dev.saccade.api.store;

import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An S3 bucket. Connects when it is first used, so that the service starts while the store is down. */
public final class S3Store implements ObjectStore, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(S3Store.class);

    /** S3's smallest part: it bounds what an upload holds in memory, and 10,000 of them (48 GiB) bound an object. */
    private static final long PART_BYTES = 5L << 20;

    private final String bucket;
    private final OkHttpClient transferHttp;
    private final MinioClient transfers;
    private final OkHttpClient checkHttp;
    private final MinioClient checks;
    private final Presigner presigner;
    private volatile boolean bucketSeen;

    public S3Store(StoreProperties properties) {
        this.bucket = properties.bucket();
        this.transferHttp = http(Duration.ofSeconds(3), Duration.ofSeconds(60));
        this.transfers = client(properties, transferHttp);
        this.checkHttp = http(Duration.ofSeconds(1), Duration.ofSeconds(2));
        this.checks = client(properties, checkHttp);
        this.presigner = new Presigner(properties);
    }

    @Override
    public void put(String key, InputStream content) {
        try {
            if (!bucketSeen) {
                createMissingBucket();
            }
            transfers.putObject(PutObjectArgs.builder().bucket(bucket).object(key).stream(content, -1L, PART_BYTES)
                    .contentType("application/octet-stream")
                    .build());
        } catch (MinioException | RuntimeException failure) {
            throw new StoreUnavailableException("The object could not be written.", failure);
        }
    }

    @Override
    public InputStream read(String key, long offset, long length) {
        try {
            return transfers.getObject(GetObjectArgs.builder()
                    .bucket(bucket)
                    .object(key)
                    .offset(offset)
                    .length(length)
                    .build());
        } catch (MinioException | RuntimeException failure) {
            throw new StoreUnavailableException("The object could not be read.", failure);
        }
    }

    @Override
    public void remove(String key) {
        try {
            transfers.removeObject(
                    RemoveObjectArgs.builder().bucket(bucket).object(key).build());
        } catch (MinioException | RuntimeException failure) {
            throw new StoreUnavailableException("The object could not be removed.", failure);
        }
    }

    @Override
    public void removeFolder(String prefix) {
        try {
            for (Result<Item> found : transfers.listObjects(ListObjectsArgs.builder()
                    .bucket(bucket)
                    .prefix(prefix)
                    .recursive(true)
                    .build())) {
                remove(found.get().objectName());
            }
        } catch (MinioException | RuntimeException failure) {
            throw new StoreUnavailableException("Objects could not be removed.", failure);
        }
    }

    @Override
    public Optional<Stored> stat(String key) {
        try {
            StatObjectResponse found = transfers.statObject(
                    StatObjectArgs.builder().bucket(bucket).object(key).build());
            return Optional.of(new Stored(found.size(), found.etag()));
        } catch (ErrorResponseException failure) {
            if (failure.errorResponse().code().equals("NoSuchKey")) {
                return Optional.empty();
            }
            throw new StoreUnavailableException("The object could not be looked at.", failure);
        } catch (MinioException | RuntimeException failure) {
            throw new StoreUnavailableException("The object could not be looked at.", failure);
        }
    }

    @Override
    public URI presignPut(String key, long bytes, Duration life) {
        return presigner.put(key, bytes, life);
    }

    @Override
    public boolean reachable() {
        try {
            createMissingBucket();
            return true;
        } catch (MinioException | RuntimeException failure) {
            LOG.debug("The object store does not answer", failure);
            return false;
        }
    }

    /** A new installation works at once; an existing bucket is left as it is. */
    private void createMissingBucket() throws MinioException {
        if (!checks.bucketExists(BucketExistsArgs.builder().bucket(bucket).build())) {
            checks.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
        }
        bucketSeen = true;
    }

    @Override
    public void close() {
        for (OkHttpClient http : new OkHttpClient[] {transferHttp, checkHttp}) {
            http.dispatcher().executorService().shutdown();
            http.connectionPool().evictAll();
        }
    }

    private static MinioClient client(StoreProperties properties, OkHttpClient http) {
        return MinioClient.builder()
                .endpoint(properties.endpoint())
                .credentials(properties.accessKey(), properties.secretKey())
                .region(properties.region())
                .httpClient(http)
                .build();
    }

    private static OkHttpClient http(Duration connect, Duration transfer) {
        return new OkHttpClient.Builder()
                .connectTimeout(connect)
                .readTimeout(transfer)
                .writeTimeout(transfer)
                .build();
    }
}
