package dev.saccade.runtime.media;

import org.jspecify.annotations.Nullable;

/**
 * Normalises frames and lays them out as rows of 1176 values, one frame after another as they arrive, so that resized
 * frames need not be kept. Rows: (t, h / 2, w / 2, 2, 2); columns: (channel, 2 frames, 14, 14).
 */
final class Patches {

    static final int SIDE = 14;
    static final int ROW = 3 * 2 * SIDE * SIDE;

    private static final int PLANE = SIDE * SIDE;

    private final int frames;
    private final int gridH;
    private final int gridW;
    private final float[][] normalised;
    private final float[] values;

    /** Room for {@code frames} frames of {@code size}, both sides multiples of 28. */
    Patches(int frames, Sizes.Size size, PreprocessorBounds bounds) {
        this.frames = frames;
        gridH = size.height() / SIDE;
        gridW = size.width() / SIDE;
        normalised = table(bounds);
        values = new float[Math.multiplyExact(Math.multiplyExact(gridT() * gridH, gridW), ROW)];
    }

    /** Memory that {@code frames} frames of {@code size} take. */
    static long bytes(int frames, Sizes.Size size) {
        return (frames + 1) / 2 * (size.pixels() / PLANE) * ROW * Float.BYTES;
    }

    int gridT() {
        return (frames + 1) / 2;
    }

    int gridH() {
        return gridH;
    }

    int gridW() {
        return gridW;
    }

    int visualTokens() {
        return gridT() * gridH * gridW / 4;
    }

    float[] values() {
        return values;
    }

    /** Puts in the frame at position {@code index}; an odd last frame also fills the place after it. */
    void put(int index, RgbFrame frame) {
        put(index, frame, null);
    }

    /** @param below goes on where the frame ends; its sides are multiples of 28 too */
    void put(int index, RgbFrame frame, @Nullable RgbFrame below) {
        int height = frame.height() + (below == null ? 0 : below.height());
        if (height != gridH * SIDE || frame.width() != gridW * SIDE) {
            throw new IllegalArgumentException("frame is " + frame.width() + " x " + height);
        }
        boolean lastIsOdd = index == frames - 1 && index % 2 == 0;
        for (int half = index % 2; half < (lastIsOdd ? 2 : index % 2 + 1); half++) {
            put(index / 2, half, frame, 0);
            if (below != null) {
                put(index / 2, half, below, frame.height() / SIDE);
            }
        }
    }

    private void put(int group, int half, RgbFrame frame, int firstRow) {
        for (int line = 0; line < frame.height() / SIDE; line++) {
            int y = firstRow + line;
            for (int x = 0; x < gridW; x++) {
                int row = group * gridH * gridW + (y / 2 * (gridW / 2) + x / 2) * 4 + y % 2 * 2 + x % 2;
                putPatch(row * ROW + half * PLANE, frame.pixels(), (line * SIDE * gridW + x) * SIDE * 3);
            }
        }
    }

    private void putPatch(int to, byte[] pixels, int from) {
        int line = gridW * SIDE * 3;
        for (int channel = 0; channel < 3; channel++) {
            float[] levels = normalised[channel];
            int value = to + channel * 2 * PLANE;
            for (int y = 0; y < SIDE; y++) {
                int pixel = from + y * line + channel;
                for (int x = 0; x < SIDE; x++, pixel += 3) {
                    values[value++] = levels[pixels[pixel] & 0xff];
                }
            }
        }
    }

    /** (3, 256): what each level of each channel becomes. */
    private static float[][] table(PreprocessorBounds bounds) {
        float[][] table = new float[3][256];
        for (int channel = 0; channel < 3; channel++) {
            for (int level = 0; level < 256; level++) {
                table[channel][level] = (level / 255f - bounds.mean()[channel]) / bounds.std()[channel];
            }
        }
        return table;
    }
}
