package dev.saccade.runtime.media;

import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.MediaLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of media files, streamed: about a gigabyte a second. Digests of large files are remembered by path and
 * {@link FileStamp}, once its times have settled, so that a file that was written anew is read anew. Thread-safe.
 */
final class ContentDigests {

    private static final int REMEMBERED = 1024;
    private static final int BUFFER_BYTES = 1 << 18;

    /** Smaller ones are read in a millisecond. */
    private static final long REMEMBERED_FROM_BYTES = 1L << 20;

    private record Seen(Path file, FileStamp stamp) {}

    private final MediaLimits limits;
    private final Map<Seen, String> remembered = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Seen, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    ContentDigests(MediaLimits limits) {
        this.limits = limits;
    }

    /**
     * Reads the file. Interrupting the thread stops it.
     *
     * @throws MediaException where it can't be read, is too large or is being written
     */
    FileContent of(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw MediaRules.notFound();
            }
            Instant now = Instant.now();
            Seen seen = new Seen(file.toRealPath(), FileStamp.of(file));
            MediaRules.requireBytes(seen.stamp.bytes(), limits);
            String known = recall(seen);
            if (known != null) {
                return new FileContent(file, known, seen.stamp);
            }
            FileContent content = new FileContent(file, hash(file), seen.stamp);
            content.requireUnchanged();
            if (seen.stamp.bytes() >= REMEMBERED_FROM_BYTES && seen.stamp.settled(now)) {
                remember(seen, content.sha256());
            }
            return content;
        } catch (ClosedByInterruptException e) {
            throw MediaRules.cancelled(e);
        } catch (IOException e) {
            throw new MediaException("media-unreadable", "The media file can't be opened.", e);
        }
    }

    private synchronized @Nullable String recall(Seen seen) {
        return remembered.get(seen);
    }

    private synchronized void remember(Seen seen, String digest) {
        remembered.put(seen, digest);
    }

    private static String hash(Path file) throws IOException {
        MessageDigest sha = sha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                sha.update(buffer.flip());
                buffer.clear();
            }
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java runtime has SHA-256", e);
        }
    }
}
