package dev.saccade.runtime.media;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * The black border of 28 px with a frame's time that goes below it: in the left half for even frames, in the right
 * half for odd ones, exactly as the frames that the model was trained on.
 */
final class TimestampBorder {

    /** Height of the border in pixels: one row of visual tokens. */
    static final int HEIGHT = Sizes.CELL;

    static final int GLYPH_WIDTH = 12;
    static final int GLYPH_HEIGHT = 15;
    private static final int GLYPH_TOP = 4;

    private static final String CHARACTERS = "0123456789.s";

    /** (character, 15 * 12): grey levels. */
    private static final byte[][] GLYPHS = readGlyphs();

    /** The border of the {@code index}th frame of those sampled. Apart from its frame, so that no frame is copied for it. */
    static RgbFrame of(int width, int index, double seconds) {
        byte[] pixels = new byte[HEIGHT * width * 3];
        // Python's "%.2f": the exact binary value, ties to even. 0.125 is "0.12", which String.format would make
        // "0.13".
        String text =
                new BigDecimal(seconds).setScale(2, RoundingMode.HALF_EVEN).toPlainString() + "s";
        int textWidth = text.length() * GLYPH_WIDTH;
        int section = width / 2;
        int left = Math.max(0, Math.min(index % 2 * section + section / 2 - textWidth / 2, width - textWidth));
        int top = (HEIGHT - GLYPH_HEIGHT) / 2 + GLYPH_TOP;
        for (int i = 0; i < text.length(); i++) {
            draw(pixels, width, left + i * GLYPH_WIDTH, top, GLYPHS[CHARACTERS.indexOf(text.charAt(i))]);
        }
        return new RgbFrame(pixels, HEIGHT, width);
    }

    /** A digit's grey levels, (15, 12). */
    static byte[] glyph(char digit) {
        return GLYPHS[CHARACTERS.indexOf(digit)];
    }

    private static void draw(byte[] pixels, int width, int left, int top, byte[] glyph) {
        for (int y = 0; y < GLYPH_HEIGHT; y++) {
            for (int x = 0; x < Math.min(GLYPH_WIDTH, width - left); x++) {
                int pixel = ((top + y) * width + left + x) * 3;
                byte level = glyph[y * GLYPH_WIDTH + x];
                pixels[pixel] = level;
                pixels[pixel + 1] = level;
                pixels[pixel + 2] = level;
            }
        }
    }

    private static byte[][] readGlyphs() {
        try (InputStream in = TimestampBorder.class.getResourceAsStream("timestamp-glyphs.txt")) {
            if (in == null) {
                throw new IllegalStateException("timestamp-glyphs.txt is missing from this build");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[][] parse(String text) {
        List<String> lines = text.lines().filter(line -> !line.startsWith("#")).toList();
        byte[][] glyphs = new byte[CHARACTERS.length()][];
        for (int i = 0; i < lines.size(); i += 1 + GLYPH_HEIGHT) {
            String levels = String.join("", lines.subList(i + 1, i + 1 + GLYPH_HEIGHT));
            glyphs[CHARACTERS.indexOf(lines.get(i).charAt("glyph ".length()))] =
                    HexFormat.of().parseHex(levels);
        }
        return glyphs;
    }

    private TimestampBorder() {}
}
