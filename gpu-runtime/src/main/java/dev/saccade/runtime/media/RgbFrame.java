package dev.saccade.runtime.media;

/**
 * A picture in memory.
 *
 * @param pixels (height, width, 3), red, green, blue, one unsigned byte each
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes of pixels: handed over, never copied or compared
record RgbFrame(byte[] pixels, int height, int width) {

    RgbFrame {
        if (pixels.length != Math.multiplyExact(Math.multiplyExact(height, width), 3)) {
            throw new IllegalArgumentException(
                    pixels.length + " bytes do not make " + width + " x " + height + " pixels");
        }
    }

    Sizes.Size size() {
        return new Sizes.Size(height, width);
    }
}
