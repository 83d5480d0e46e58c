package dev.saccade.api.videos;

import dev.saccade.api.problems.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The client's bytes on their way to the store: hashed, counted, bounded and copied to the spool as they pass. Whoever
 * reads it may wrap its failures beyond recognition, so it remembers what went wrong.
 */
final class UploadStream extends InputStream {

    private final InputStream client;
    private final Spool spool;
    private final long maxBytes;
    private final MessageDigest digest = sha256();
    private final byte[] single = new byte[1];
    private long bytes;
    private @Nullable ProblemException problem;

    UploadStream(InputStream client, Spool spool, long maxBytes) {
        this.client = client;
        this.spool = spool;
        this.maxBytes = maxBytes;
    }

    @Override
    public int read() throws IOException {
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        if (problem != null) {
            throw new IOException("The upload has failed already.");
        }
        int read;
        try {
            read = client.read(buffer, offset, length);
        } catch (IOException gone) {
            throw failed(UploadBody.interrupted(), gone);
        }
        if (read <= 0) {
            return read;
        }
        bytes += read;
        if (bytes > maxBytes) {
            throw failed(tooLarge(maxBytes), null);
        }
        digest.update(buffer, offset, read);
        try {
            spool.write(buffer, offset, read);
        } catch (IOException full) {
            throw failed(noSpace(), full);
        }
        return read;
    }

    /** What went wrong while bytes passed; null where nothing did. */
    @Nullable
    ProblemException problem() {
        return problem;
    }

    long bytes() {
        return bytes;
    }

    /** SHA-256 in lower-case hex of what has passed; call it once, at the end. */
    String sha256Hex() {
        return HexFormat.of().formatHex(digest.digest());
    }

    static ProblemException tooLarge(long maxBytes) {
        return new ProblemException(
                413,
                "file-too-large",
                "The file is larger than the limit of " + maxBytes + " bytes. Shorten or compress the clip.");
    }

    static ProblemException noSpace() {
        return new ProblemException(
                507,
                "insufficient-storage",
                "The server has no room for this upload at the moment. Nothing was kept; try again later.");
    }

    private IOException failed(ProblemException why, @Nullable IOException cause) {
        problem = why;
        return new IOException("The upload failed.", cause);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256.", impossible);
        }
    }
}
