package dev.saccade.api.videos;

import dev.saccade.api.problems.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * An upload whose bytes are all here.
 *
 * @param file on the local disk, until its spool is closed
 * @param sha256 of the bytes, in lower-case hex
 */
public record Received(Path file, long bytes, String sha256) {

    private static final int BUFFER = 64 << 10;

    /**
     * Reads the client's bytes to their end: counted, bounded, hashed and spooled as they come.
     *
     * @throws ProblemException where the client leaves, sends too much, or the disk is full
     */
    public static Received of(InputStream client, Spool spool, long maxBytes) {
        MessageDigest digest = newDigest();
        byte[] buffer = new byte[BUFFER];
        long bytes = 0;
        for (int read = next(client, buffer); read >= 0; read = next(client, buffer)) {
            bytes += read;
            if (bytes > maxBytes) {
                throw UploadProblems.tooLarge(maxBytes);
            }
            digest.update(buffer, 0, read);
            try {
                spool.write(buffer, 0, read);
            } catch (IOException full) {
                throw UploadProblems.noSpace(full);
            }
        }
        try {
            return new Received(spool.finish(), bytes, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException full) {
            throw UploadProblems.noSpace(full);
        }
    }

    /** A file that was written here by other means; hashes it. */
    public static Received of(Path file) throws IOException {
        try (var content = new DigestInputStream(Files.newInputStream(file), newDigest())) {
            long bytes = content.transferTo(OutputStream.nullOutputStream());
            return new Received(
                    file,
                    bytes,
                    HexFormat.of().formatHex(content.getMessageDigest().digest()));
        }
    }

    private static int next(InputStream client, byte[] buffer) {
        try {
            return client.read(buffer);
        } catch (IOException gone) {
            throw UploadProblems.interrupted();
        }
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256.", impossible);
        }
    }
}
