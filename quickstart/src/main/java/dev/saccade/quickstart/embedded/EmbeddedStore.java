package dev.saccade.quickstart.embedded;

import dev.saccade.quickstart.StartupException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** An S3 endpoint over a folder: a bucket is a folder in it, an object a file. */
public final class EmbeddedStore implements AutoCloseable {

    public static final String ACCESS_KEY = "saccade";
    public static final String BUCKET = "saccade";

    private final S3Proxy proxy;

    private EmbeddedStore(S3Proxy proxy) {
        this.proxy = proxy;
    }

    public static EmbeddedStore start(DataFolder data, String secretKey) throws StartupException {
        Path folder = data.objects();
        try {
            Files.createDirectories(folder.resolve(BUCKET));
        } catch (IOException e) {
            throw DataFolder.cannotWrite(data.root(), e);
        }
        S3Proxy proxy = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, secretKey)
                .v4MaxNonChunkedRequestSize(128L << 20)
                .build();
        try {
            proxy.start();
        } catch (Exception e) {
            throw new StartupException("The object store did not start: " + e.getMessage(), e);
        }
        return new EmbeddedStore(proxy);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + proxy.getPort());
    }

    @Override
    public void close() throws Exception {
        proxy.stop();
    }
}
