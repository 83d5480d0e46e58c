package dev.saccade.runtime.media;

/**
 * Pixels to draw on; whatever lies outside is left out.
 *
 * @param pixels (height, width, 3)
 */
@SuppressWarnings("ArrayRecordComponent") // drawn on, never compared
record Canvas(byte[] pixels, int width, int height) {

    private static final int OPAQUE = 255;

    /** Two pixels thick. */
    void line(int x0, int y0, int x1, int y1, int[] colour) {
        if (x0 == x1 || y0 == y1) {
            field(Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0) + 2, Math.abs(y1 - y0) + 2, colour);
            return;
        }
        int steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
        for (int i = 0; i <= steps; i++) {
            int x = x0 + (int) Math.rint((double) (x1 - x0) * i / steps);
            int y = y0 + (int) Math.rint((double) (y1 - y0) * i / steps);
            field(x, y, 2, 2, colour);
        }
    }

    void disc(int middleX, int middleY, int radius, int[] colour) {
        for (int y = -radius; y <= radius; y++) {
            for (int x = -radius; x <= radius; x++) {
                if (x * x + y * y <= radius * radius) {
                    set(middleX + x, middleY + y, colour, OPAQUE);
                }
            }
        }
    }

    void field(int left, int top, int fieldWidth, int fieldHeight, int[] colour) {
        int right = Math.min(left + fieldWidth, width);
        int bottom = Math.min(top + fieldHeight, height);
        for (int y = Math.max(top, 0); y < bottom; y++) {
            for (int x = Math.max(left, 0), at = (y * width + x) * 3; x < right; x++, at += 3) {
                pixels[at] = (byte) colour[0];
                pixels[at + 1] = (byte) colour[1];
                pixels[at + 2] = (byte) colour[2];
            }
        }
    }

    /** In white. */
    void glyph(int left, int top, byte[] levels) {
        int[] white = {OPAQUE, OPAQUE, OPAQUE};
        for (int y = 0; y < TimestampBorder.GLYPH_HEIGHT; y++) {
            for (int x = 0; x < TimestampBorder.GLYPH_WIDTH; x++) {
                set(left + x, top + y, white, levels[y * TimestampBorder.GLYPH_WIDTH + x] & 0xff);
            }
        }
    }

    private void set(int x, int y, int[] colour, int cover) {
        if (x < 0 || y < 0 || x >= width || y >= height || cover == 0) {
            return;
        }
        int at = (y * width + x) * 3;
        for (int channel = 0; channel < 3; channel++) {
            int before = pixels[at + channel] & 0xff;
            pixels[at + channel] = (byte) (before + (colour[channel] - before) * cover / OPAQUE);
        }
    }
}
