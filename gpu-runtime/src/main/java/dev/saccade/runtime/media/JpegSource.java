package dev.saccade.runtime.media;

import dev.saccade.runtime.MediaException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A JPEG file without its colour profile: the JDK's reader would convert to sRGB where one is embedded, and the
 * reference takes the samples as they are.
 */
final class JpegSource {

    private static final int MAX_HEADER_BYTES = 32 << 20;
    private static final int START_OF_IMAGE = 0xd8;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int COLOUR_PROFILE = 0xe2;
    private static final int COMPONENTS = 5;

    /** The file from its start, for one reader; the caller closes it. */
    static InputStream open(Path file) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file));
        try {
            return new SequenceInputStream(new ByteArrayInputStream(header(new DataInputStream(in))), in);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static byte[] header(DataInputStream in) throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(kept);
        while (kept.size() < MAX_HEADER_BYTES) {
            int marker = nextMarker(in);
            if (marker == START_OF_IMAGE || marker == START_OF_SCAN || marker == END_OF_IMAGE) {
                out.writeShort(0xff00 | marker);
                if (marker != START_OF_IMAGE) {
                    return kept.toByteArray();
                }
                continue;
            }
            int length = in.readUnsignedShort();
            byte[] segment = new byte[Math.max(0, length - 2)];
            in.readFully(segment);
            if (isFrameHeader(marker) && segment.length > COMPONENTS && segment[COMPONENTS] == 4) {
                throw new MediaException(
                        "media-colours", "The JPEG image is in CMYK, the colours of printing; save it as RGB.");
            }
            if (marker != COLOUR_PROFILE) {
                out.writeShort(0xff00 | marker);
                out.writeShort(length);
                out.write(segment);
            }
        }
        throw new IOException("the header has no end");
    }

    private static int nextMarker(DataInputStream in) throws IOException {
        if (in.readUnsignedByte() != 0xff) {
            throw new IOException("no marker where one must be");
        }
        int marker = in.readUnsignedByte();
        while (marker == 0xff) {
            marker = in.readUnsignedByte();
        }
        return marker;
    }

    /** SOF0 to SOF15; between them are the tables DHT, JPG and DAC. */
    private static boolean isFrameHeader(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private JpegSource() {}
}
