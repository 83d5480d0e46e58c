package dev.saccade.worker.embedded;

import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.errors.MinioException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** S3Proxy over a folder, and the uploads that the API would make. */
public final class TestStore {

    public static final String KEY = "saccade";
    public static final String SECRET = "test-secret";
    public static final String BUCKET = "saccade";

    private final String endpoint;
    private final MinioClient client;

    private TestStore(String endpoint) {
        this.endpoint = endpoint;
        this.client = MinioClient.builder()
                .endpoint(endpoint)
                .region("us-east-1")
                .credentials(KEY, SECRET)
                .build();
    }

    static TestStore start(Path folder) {
        try {
            Files.createDirectories(folder.resolve(BUCKET));
            var proxy = S3Proxy.builder()
                    .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                    .endpoint(URI.create("http://127.0.0.1:0"))
                    .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY, SECRET)
                    .v4MaxNonChunkedRequestSize(128L << 20)
                    .build();
            proxy.start();
            return new TestStore("http://127.0.0.1:" + proxy.getPort());
        } catch (IOException e) {
            throw new IllegalStateException("The store's folder could not be made", e);
        } catch (Exception e) {
            throw new IllegalStateException("The store did not start", e);
        }
    }

    public String endpoint() {
        return endpoint;
    }

    public void put(String objectKey, byte[] content) {
        try {
            client.putObject(PutObjectArgs.builder().bucket(BUCKET).object(objectKey).stream(
                            new ByteArrayInputStream(content), (long) content.length, -1L)
                    .build());
        } catch (MinioException e) {
            throw new IllegalStateException("The object could not be stored", e);
        }
    }

    public void remove(String objectKey) {
        try {
            client.removeObject(
                    RemoveObjectArgs.builder().bucket(BUCKET).object(objectKey).build());
        } catch (MinioException e) {
            throw new IllegalStateException("The object could not be removed", e);
        }
    }
}
