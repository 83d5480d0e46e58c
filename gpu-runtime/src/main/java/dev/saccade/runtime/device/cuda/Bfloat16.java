package dev.saccade.runtime.device.cuda;

/** The upper half of a float32. */
final class Bfloat16 {

    private Bfloat16() {}

    /** To the nearest, ties to even. */
    static short round(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }

    static float widen(short value) {
        return Float.intBitsToFloat(value << 16);
    }
}
