package dev.saccade.runtime.media;

import dev.saccade.runtime.GenerationResult.MediaUsed;
import dev.saccade.runtime.Mark;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * What an image or a video looks like to the model: equal keys have equal visual tokens. A SHA-256 over the file's content,
 * the kind, and the options as they took effect, so that the same clip at another rate, size or range, or with its times
 * drawn, never shares an entry of a cache, and equal bytes under another name do.
 *
 * @param sha256 64 hexadecimal digits
 */
public record MediaKey(String sha256) {

    /** To be raised with every change of what becomes of a file: other pixels must have other keys. */
    private static final String PIPELINE = "saccade-media-1";

    public MediaKey {
        if (sha256.length() != 64) {
            throw new IllegalArgumentException("a SHA-256 has 64 digits, not " + sha256.length());
        }
    }

    /**
     * @param content SHA-256 of the file
     * @param used frames, their rate and size; a part of the clip shows in its frames' numbers
     * @param timestamps whether their times are drawn below them
     */
    public static MediaKey of(
            String content, MediaUsed used, double secondsPerGrid, boolean timestamps, PreprocessorBounds bounds) {
        return of(content, used, secondsPerGrid, timestamps, List.of(), bounds);
    }

    /** @param marks drawn on the frames */
    static MediaKey of(
            String content,
            MediaUsed used,
            double secondsPerGrid,
            boolean timestamps,
            List<Mark> marks,
            PreprocessorBounds bounds) {
        MessageDigest sha = ContentDigests.sha256();
        try (DataOutputStream out =
                new DataOutputStream(new DigestOutputStream(OutputStream.nullOutputStream(), sha))) {
            out.writeUTF(PIPELINE);
            out.writeUTF(content);
            out.writeUTF(used.kind());
            out.writeInt(used.indices().size());
            for (int index : used.indices()) {
                out.writeInt(index);
            }
            out.writeDouble(used.sampledFps());
            out.writeDouble(secondsPerGrid);
            out.writeInt(used.height());
            out.writeInt(used.width());
            out.writeBoolean(timestamps);
            MarkPainter.digest(marks, out);
            for (int channel = 0; channel < 3; channel++) {
                out.writeFloat(bounds.mean()[channel]);
                out.writeFloat(bounds.std()[channel]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a digest takes every byte", e);
        }
        return new MediaKey(HexFormat.of().formatHex(sha.digest()));
    }

    /** The 32 bytes, to be part of other digests. */
    public byte[] bytes() {
        return HexFormat.of().parseHex(sha256);
    }
}
