package dev.saccade.runtime.media;

import java.util.Arrays;

/**
 * Bicubic resize with antialiasing as torchvision does it for uint8 frames: float32 all the way (rows first, then
 * columns), then rounded half to even and clamped. Built once for a pair of sizes; thread-safe.
 */
final class VideoResize {

    private final Sizes.Size source;
    private final Sizes.Size target;
    private final BicubicTaps columns;
    private final BicubicTaps rows;
    private final float[] columnWeights;
    private final float[] rowWeights;

    VideoResize(Sizes.Size source, Sizes.Size target) {
        this.source = source;
        this.target = target;
        columns = BicubicTaps.single(source.width(), target.width());
        rows = BicubicTaps.single(source.height(), target.height());
        columnWeights = floats(columns.weights());
        rowWeights = floats(rows.weights());
    }

    Sizes.Size source() {
        return source;
    }

    Sizes.Size target() {
        return target;
    }

    RgbFrame apply(RgbFrame frame) {
        if (source.equals(target)) {
            return frame;
        }
        int rowLength = target.width() * 3;
        // Only the source rows that one target row needs are kept, in a ring.
        int ring = rows.stride();
        float[] narrowed = new float[ring * rowLength];
        float[] sums = new float[rowLength];
        byte[] out = new byte[target.height() * rowLength];
        int ready = 0;
        for (int y = 0; y < target.height(); y++) {
            int from = rows.first()[y];
            int taps = rows.count()[y];
            for (ready = Math.max(ready, from); ready < from + taps; ready++) {
                narrow(frame.pixels(), ready * source.width() * 3, narrowed, ready % ring * rowLength);
            }
            Arrays.fill(sums, 0);
            for (int tap = 0; tap < taps; tap++) {
                add(sums, narrowed, (from + tap) % ring * rowLength, rowWeights[y * rows.stride() + tap]);
            }
            for (int i = 0; i < rowLength; i++) {
                out[y * rowLength + i] = (byte) Math.clamp((long) Math.rint(sums[i]), 0, 255);
            }
        }
        return new RgbFrame(out, target.height(), target.width());
    }

    private void narrow(byte[] pixels, int row, float[] out, int outRow) {
        int stride = columns.stride();
        for (int x = 0; x < target.width(); x++) {
            float red = 0;
            float green = 0;
            float blue = 0;
            int pixel = row + columns.first()[x] * 3;
            int taps = columns.count()[x];
            for (int tap = 0; tap < taps; tap++, pixel += 3) {
                float weight = columnWeights[x * stride + tap];
                red += weight * (pixels[pixel] & 0xff);
                green += weight * (pixels[pixel + 1] & 0xff);
                blue += weight * (pixels[pixel + 2] & 0xff);
            }
            out[outRow + 3 * x] = red;
            out[outRow + 3 * x + 1] = green;
            out[outRow + 3 * x + 2] = blue;
        }
    }

    private static void add(float[] sums, float[] row, int start, float weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * row[start + i];
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
