package dev.saccade.api.videos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A private copy of one upload on the local disk, for the probe, which reads files only. Closing it deletes it. */
public final class Spool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final String SUFFIX = ".upload";
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path file;
    private final OutputStream out;

    private Spool(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    public static Spool create(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(UUID.randomUUID() + SUFFIX);
        return new Spool(file, Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** Removes what a process that was killed left behind. */
    static void sweep(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(SUFFIX)).toList()) {
                if (Files.getLastModifiedTime(file).compareTo(limit) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | UncheckedIOException failure) {
            LOG.warn("Left-over uploads in {} could not be removed: {}", folder, failure.toString());
        }
    }

    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    /** The complete file; nothing can be written afterwards. */
    public Path finish() throws IOException {
        out.close();
        return file;
    }

    @Override
    public void close() {
        try (out) {
            Files.deleteIfExists(file);
        } catch (IOException failure) {
            LOG.warn("A temporary upload could not be removed: {}", failure.toString());
        }
    }
}
