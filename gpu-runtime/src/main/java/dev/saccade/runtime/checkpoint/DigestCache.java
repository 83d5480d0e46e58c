package dev.saccade.runtime.checkpoint;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Pattern;

/**
 * Remembers the SHA-256 of large files between runs, one small file each, keyed by absolute path, size, modification time
 * and file identity. Losing it, or a folder that can't be written, costs time and nothing else.
 */
final class DigestCache {

    /** Smaller files are hashed anew each time: 11 MB take about 10 ms. */
    static final long REMEMBERED_FROM_BYTES = 64L << 20;

    private static final System.Logger LOGGER = System.getLogger(DigestCache.class.getName());
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path folder;
    private final long fromBytes;

    DigestCache(Path folder, long fromBytes) {
        this.folder = folder;
        this.fromBytes = fromBytes;
    }

    /** {@code $XDG_CACHE_HOME/saccade/digests}, or {@code ~/.cache/saccade/digests}. */
    static DigestCache ofUser() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path root = cache == null || cache.isBlank()
                ? Path.of(System.getProperty("user.home", "."), ".cache")
                : Path.of(cache);
        return new DigestCache(root.resolve("saccade").resolve("digests"), REMEMBERED_FROM_BYTES);
    }

    /** Computes a file's digest. */
    @FunctionalInterface
    interface Hash {
        String of(Path file) throws IOException;
    }

    String digest(Path file, Hash hash) throws IOException {
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
        if (facts.size() < fromBytes) {
            return hash.of(file);
        }
        String key = file.toRealPath() + "\n" + facts.size() + "\n" + facts.lastModifiedTime() + "\n" + facts.fileKey();
        Path entry = folder.resolve(Fingerprint.hex(Fingerprint.sha256().digest(key.getBytes(StandardCharsets.UTF_8))));
        try {
            String known = Files.readString(entry, StandardCharsets.US_ASCII);
            if (DIGEST.matcher(known).matches()) {
                return known;
            }
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "no remembered digest; the file is read");
        }
        String digest = hash.of(file);
        remember(entry, digest);
        return digest;
    }

    private void remember(Path entry, String digest) {
        try {
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(folder, "draft", "");
            Files.writeString(draft, digest, StandardCharsets.US_ASCII);
            Files.move(draft, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "the digest can't be remembered; the next start reads the file again");
        }
    }
}
