package dev.saccade.api.running;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** A clip made as large as wanted by a box of zeros that players skip, without ever being in memory or on disk. */
public final class PaddedClip {

    private static final int HEADER = 16;

    private final byte[] clip;
    private final long size;

    public PaddedClip(Path clip, long size) {
        try {
            this.clip = Files.readAllBytes(clip);
            this.size = size;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public InputStream open() {
        return openFirst(size);
    }

    /** Cut off after so many bytes, which are more than the clip and the box's header have. */
    public InputStream openFirst(long bytes) {
        long box = size - clip.length;
        byte[] header = ByteBuffer.allocate(HEADER)
                .putInt(1)
                .put("free".getBytes(StandardCharsets.US_ASCII))
                .putLong(box)
                .array();
        return new SequenceInputStream(Collections.enumeration(List.of(
                new ByteArrayInputStream(clip),
                new ByteArrayInputStream(header),
                new Zeros(bytes - clip.length - HEADER))));
    }

    /** SHA-256 in hex of all that is in the stream, which is closed. */
    public static String sha256(InputStream content) {
        try (content) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(content, digest).transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static final class Zeros extends InputStream {

        private long left;

        Zeros(long length) {
            this.left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int read = (int) Math.min(left, length);
            java.util.Arrays.fill(buffer, offset, offset + read, (byte) 0);
            left -= read;
            return read;
        }
    }
}
