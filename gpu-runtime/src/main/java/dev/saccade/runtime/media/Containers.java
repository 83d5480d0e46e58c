package dev.saccade.runtime.media;

import dev.saccade.runtime.MediaException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Finds files that were cut off, by the lengths that the container itself states: reading a header or two is enough,
 * where a decoder would have to read everything and might still not tell.
 */
final class Containers {

    private static final int MAX_BOXES = 100_000;
    private static final int EBML_HEADER = 0x1a45dfa3;
    private static final int SEGMENT = 0x18538067;

    /** Throws where the boxes of an MP4 or MOV go beyond the file's end, or its index or data are missing. */
    static void requireWholeMp4(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            boolean index = false;
            boolean data = false;
            long position = 0;
            for (int box = 0; box < MAX_BOXES && position + 8 <= channel.size(); box++) {
                ByteBuffer header = read(channel, position, 16);
                long length = Integer.toUnsignedLong(header.getInt(0));
                String type =
                        StandardCharsets.ISO_8859_1.decode(header.slice(4, 4)).toString();
                if (length == 1 && header.limit() == 16) {
                    length = header.getLong(8);
                } else if (length == 0) {
                    length = channel.size() - position; // to the file's end
                }
                if (length < 8 || length > channel.size() - position) {
                    throw truncated();
                }
                index |= type.equals("moov");
                data |= type.equals("mdat");
                position += length;
            }
            if (!index || !data) {
                throw truncated();
            }
        }
    }

    /** Throws where a Matroska or WebM segment goes beyond the file's end. Live recordings state no length. */
    static void requireWholeMatroska(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long segment = elementEnd(channel, 0, EBML_HEADER);
            elementEnd(channel, segment, SEGMENT);
        }
    }

    private static long elementEnd(FileChannel channel, long position, int id) throws IOException {
        ByteBuffer header = read(channel, position, 12);
        if (header.limit() < 5 || header.getInt(0) != id) {
            throw truncated();
        }
        int sizeBytes = Integer.numberOfLeadingZeros(header.get(4) & 0xff) - 24 + 1;
        if (sizeBytes > 8 || header.limit() < 4 + sizeBytes) {
            throw truncated();
        }
        long size = header.get(4) & (0xff >> sizeBytes);
        boolean unknown = size == 0xff >> sizeBytes;
        for (int i = 1; i < sizeBytes; i++) {
            size = (size << 8) | (header.get(4 + i) & 0xff);
            unknown &= header.get(4 + i) == -1;
        }
        long start = position + 4 + sizeBytes;
        if (!unknown && size > channel.size() - start) {
            throw truncated();
        }
        return unknown ? channel.size() : start + size;
    }

    private static ByteBuffer read(FileChannel channel, long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {}
        return buffer.flip();
    }

    static MediaException truncated() {
        return new MediaException(
                "media-truncated", "The clip is cut off: a part of the file is missing. Send the whole file.");
    }

    private Containers() {}
}
