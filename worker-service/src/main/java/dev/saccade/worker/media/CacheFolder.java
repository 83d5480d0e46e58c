package dev.saccade.worker.media;

import dev.saccade.ledger.videos.MediaRef;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a cache owns. One worker locks it, and begins by removing what an earlier run left: whether such a file
 * survived a crash whole isn't known, and fetching it again is cheaper than checking it.
 */
final class CacheFolder implements AutoCloseable {

    // only names that this class gives are ever removed, whatever folder was configured
    private static final Pattern OURS = Pattern.compile("[0-9a-f]{64}\\.(media|partial)");

    private final Path folder;
    private final FileChannel lockFile;

    private CacheFolder(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /**
     * Locks and clears the folder, creating it where it is missing.
     *
     * @throws IOException where it can't be written, or another worker uses it; the message says what to do
     */
    static CacheFolder open(Path folder) throws IOException {
        Files.createDirectories(folder);
        var lockFile =
                FileChannel.open(folder.resolve("worker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(lockFile) == null) {
            lockFile.close();
            throw new IOException("Another worker uses the cache folder " + folder
                    + "; give each worker its own with saccade.worker.cache-dir.");
        }
        try (var files = Files.newDirectoryStream(
                folder, file -> OURS.matcher(file.getFileName().toString()).matches())) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        return new CacheFolder(folder, lockFile);
    }

    /**
     * The name under which a file is kept: a digest over its place and its content, so that neither a replaced object nor
     * another tenant's copy of the same bytes shares it.
     */
    static String name(MediaRef media) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(media.objectKey().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) '\n');
            digest.update(media.sha256().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    Path complete(String name) {
        return folder.resolve(name + ".media");
    }

    Path partial(String name) {
        return folder.resolve(name + ".partial");
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another worker of this JVM
        }
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
