package dev.saccade.runtime.text;

import org.jspecify.annotations.Nullable;

/**
 * The byte-level alphabet of GPT-2's tokenizer files: each of the 256 bytes is written as one printable character. Printable
 * Latin-1 bytes stand for themselves; the others take the characters from U+0100 on, in order.
 */
final class ByteAlphabet {

    private static final int CHARACTERS = 0x100 + 68;
    private static final short[] BYTE_OF = new short[CHARACTERS];

    static {
        java.util.Arrays.fill(BYTE_OF, (short) -1);
        int next = 0x100;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || (b >= 0xae && b <= 0xff);
            BYTE_OF[printable ? b : next++] = (short) b;
        }
    }

    private ByteAlphabet() {}

    /** The bytes that a vocabulary entry stands for; null where it has a character outside the alphabet. */
    static byte @Nullable [] decode(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = token.charAt(i);
            if (c >= CHARACTERS || BYTE_OF[c] < 0) {
                return null;
            }
            bytes[i] = (byte) BYTE_OF[c];
        }
        return bytes;
    }
}
