package dev.saccade.runtime.media;

import dev.saccade.runtime.MediaLimits;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads one binary PPM picture after another from a stream, as ffmpeg writes them. */
final class PpmReader {

    private static final int MAX_DIGITS = 9;

    /**
     * The next picture, or null at the stream's end.
     *
     * @throws IOException where the stream ends within a picture or holds something else
     */
    static @Nullable RgbFrame next(InputStream in, MediaLimits limits) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        if (first != 'P' || in.read() != '6' || in.read() != '\n') {
            throw new IOException("not a PPM picture");
        }
        int width = number(in);
        int height = number(in);
        if (number(in) != 255) {
            throw new IOException("not a picture of bytes");
        }
        MediaRules.requireResolution(width, height, limits);
        byte[] pixels = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        if (in.readNBytes(pixels, 0, pixels.length) < pixels.length) {
            throw new EOFException("the picture is cut off");
        }
        return new RgbFrame(pixels, height, width);
    }

    /** Digits and the one white-space character after them. */
    private static int number(InputStream in) throws IOException {
        int value = 0;
        for (int digits = 0; digits <= MAX_DIGITS; digits++) {
            int character = in.read();
            if (digits > 0 && (character == ' ' || character == '\n')) {
                return value;
            }
            if (character < '0' || character > '9') {
                break;
            }
            value = value * 10 + character - '0';
        }
        throw new IOException("not a number in a PPM header");
    }

    private PpmReader() {}
}
