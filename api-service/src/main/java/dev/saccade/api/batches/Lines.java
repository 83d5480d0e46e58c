package dev.saccade.api.batches;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** Reads a body line by line, holding one line at most, and digests what it has read. */
final class Lines {

    private static final int BUFFER = 64 << 10;

    private final InputStream body;
    private final int longest;
    private final byte[] buffer = new byte[BUFFER];
    private final MessageDigest digest = sha256();
    private int next;
    private int end;
    private long number;

    /** @param longest bytes of a line */
    Lines(InputStream body, int longest) {
        this.body = body;
        this.longest = longest;
    }

    /**
     * A line as it was read.
     *
     * @param text null where the line is too long or no UTF-8
     */
    record Line(long number, @Nullable String text, boolean tooLong) {

        boolean isBlank() {
            return text != null && text.isBlank();
        }
    }

    /** The next line; null after the last. */
    @Nullable
    Line read() throws IOException {
        var line = new ByteArrayOutputStream(256);
        boolean begun = false;
        boolean tooLong = false;
        while (next < end || fill()) {
            begun = true;
            int stop = next;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            digest.update(buffer, next, stop - next);
            tooLong |= line.size() + stop - next > longest;
            if (!tooLong) {
                line.write(buffer, next, stop - next);
            }
            boolean whole = stop < end;
            next = whole ? stop + 1 : stop;
            if (whole) {
                break;
            }
        }
        if (!begun) {
            return null;
        }
        digest.update((byte) '\n'); // also after a last line that has none
        number++;
        return new Line(number, tooLong ? null : decoded(line.toByteArray()), tooLong);
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(0, body.read(buffer, 0, BUFFER));
        return end > 0;
    }

    /** Number of the last line that was read. */
    long number() {
        return number;
    }

    /** SHA-256 over all lines that were read. */
    byte[] digest() {
        try {
            return ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** SHA-256 over no lines. */
    static byte[] nothing() {
        return sha256().digest();
    }

    private static @Nullable String decoded(byte[] line) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line))
                    .toString();
        } catch (CharacterCodingException broken) {
            return null;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
