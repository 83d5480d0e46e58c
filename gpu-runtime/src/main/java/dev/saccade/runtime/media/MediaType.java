package dev.saccade.runtime.media;

import dev.saccade.runtime.MediaException;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The four kinds of file that are read, told by their first bytes. Nothing else ever reaches a decoder. */
enum MediaType {
    MP4("mp4"),
    MATROSKA("matroska"),
    JPEG("jpeg"),
    PNG("png");

    private static final int HEAD = 12;
    private static final long PNG_SIGNATURE = 0x89504e470d0a1a0aL;
    private static final int EBML = 0x1a45dfa3;
    private static final Set<String> FIRST_BOXES = Set.of("ftyp", "moov", "mdat", "wide", "free", "skip", "pnot");

    private final String format;

    MediaType(String format) {
        this.format = format;
    }

    /** As {@link ClipFacts#format} says it. */
    String format() {
        return format;
    }

    static MediaType of(Path file) throws IOException {
        byte[] head;
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            head = in.readNBytes(HEAD);
        }
        if (head.length == HEAD) {
            ByteBuffer bytes = ByteBuffer.wrap(head);
            if (bytes.getLong(0) == PNG_SIGNATURE) {
                return PNG;
            }
            if (bytes.getInt(0) == EBML) {
                return MATROSKA;
            }
            if (bytes.getInt(0) >>> 8 == 0xffd8ff) {
                return JPEG;
            }
            if (FIRST_BOXES.contains(new String(head, 4, 4, StandardCharsets.US_ASCII))) {
                return MP4;
            }
        }
        throw new MediaException(
                "media-not-recognised",
                "The file is no video or image that can be read; send an MP4, MOV, WebM, Matroska, JPEG or PNG file.");
    }
}
