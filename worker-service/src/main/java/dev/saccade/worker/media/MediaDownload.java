package dev.saccade.worker.media;

import dev.saccade.ledger.videos.MediaRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one object to the disk. It is written beside its final name and gets that name only when its length and SHA-256
 * are those of the ledger, so nobody ever sees half a file.
 */
final class MediaDownload {

    private static final Logger LOG = LoggerFactory.getLogger(MediaDownload.class);
    private static final int BUFFER_BYTES = 1 << 16;
    /** Bytes that were damaged on their way come right the second time; an object that was changed does not. */
    private static final int TRIES = 2;

    private final MediaStore store;
    private final MediaRef media;
    private final Path target;
    private final Path partial;
    private final AtomicLong received;

    /** @param received counts the bytes that have come, for whoever shows progress */
    MediaDownload(MediaStore store, MediaRef media, Path target, Path partial, AtomicLong received) {
        this.store = store;
        this.media = media;
        this.target = target;
        this.partial = partial;
        this.received = received;
    }

    void run() throws FetchException {
        try {
            for (int attempt = 1; attempt <= TRIES; attempt++) {
                received.set(0);
                if (download()) {
                    publish();
                    return;
                }
                LOG.warn(
                        "Object {} is not what the ledger says it is, try {} of {}", media.objectKey(), attempt, TRIES);
            }
            throw new UnusableMediaException(
                    "media-changed", "The stored file is no longer the one that was uploaded; upload it again.");
        } finally {
            discardPartial();
        }
    }

    /** Whether what came has the right length and digest. */
    private boolean download() throws FetchException {
        try (InputStream in = store.open(media.objectKey())) {
            return write(in);
        } catch (IOException e) {
            throw store.reachable() ? RetryableFetchException.storeFailed(e) : RetryableFetchException.outage(e);
        }
    }

    private boolean write(InputStream in) throws IOException, FetchException {
        var digest = sha256();
        var buffer = new byte[BUFFER_BYTES];
        try (OutputStream out = create()) {
            // one byte too many is enough to know: the rest of an endless object need not come
            while (received.get() <= media.sizeBytes()) {
                int count = in.read(buffer);
                if (count < 0) {
                    break;
                }
                digest.update(buffer, 0, count);
                append(out, buffer, count);
                received.addAndGet(count);
            }
        }
        return received.get() == media.sizeBytes()
                && HexFormat.of().formatHex(digest.digest()).equals(media.sha256());
    }

    private OutputStream create() throws RetryableFetchException {
        try {
            return Files.newOutputStream(partial);
        } catch (IOException e) {
            throw RetryableFetchException.diskFull(e);
        }
    }

    private static void append(OutputStream out, byte[] buffer, int count) throws RetryableFetchException {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            throw RetryableFetchException.diskFull(e);
        }
    }

    private void publish() throws RetryableFetchException {
        try {
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw RetryableFetchException.diskFull(e);
        }
    }

    private void discardPartial() {
        try {
            Files.deleteIfExists(partial);
        } catch (IOException e) {
            LOG.warn("A partial file stays in the media cache until the next start: {}", partial, e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
