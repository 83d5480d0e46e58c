package dev.saccade.api.running;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.jspecify.annotations.Nullable;

/** S3Proxy on a folder, on one port through all its stops and starts. */
public final class TestStore {

    static final String ACCESS_KEY = "access";
    static final String SECRET_KEY = "secret";

    private final Path folder;
    private final int port;
    private @Nullable S3Proxy proxy;

    TestStore(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public void start() {
        try {
            Files.createDirectories(folder);
            S3Proxy starting = S3Proxy.builder()
                    .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                    .endpoint(endpoint())
                    .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                    .v4MaxNonChunkedRequestSize(64L << 20)
                    .build();
            starting.start();
            proxy = starting;
        } catch (Exception failure) {
            throw new IllegalStateException("The test's object store did not start", failure);
        }
    }

    public void stop() {
        try {
            if (proxy != null) {
                proxy.stop();
                proxy = null;
            }
        } catch (Exception failure) {
            throw new IllegalStateException("The test's object store did not stop", failure);
        }
    }

    /** All files of the store, in order: objects, and parts of objects that were begun. */
    public List<Path> files() {
        return filesNaming("").stream().sorted().toList();
    }

    /** Files in the store whose path holds {@code part}: objects, and parts of objects that were begun. */
    public List<Path> filesNaming(String part) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && file.toString().contains(part)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                /** Removed by a sweep while this looked. */
                @Override
                public FileVisitResult visitFileFailed(Path file, IOException gone) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException gone) {
                    return FileVisitResult.CONTINUE;
                }
            });
            return found;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
