package dev.saccade.runtime.constrain;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** How characters are written as bytes. Each has exactly one spelling, so that sets of texts and of byte strings agree. */
enum Spelling {
    /** UTF-8. */
    PLAIN,
    /**
     * UTF-8 inside a JSON string: quote, backslash, backspace, form feed, newline, carriage return and tab by their short
     * escapes, everything else as it is. Other control characters can be written in a constant only.
     */
    JSON_STRING;

    private static final String ESCAPED = "\"\\\b\f\n\r\t";
    private static final String LETTERS = "\"\\bfnrt";
    private static final CodePoints CONTROLS = CodePoints.of(0, 0x1f);
    private static final CodePoints ESCAPES = CodePoints.anyOf(ESCAPED);

    /** The part of a set that is written as plain UTF-8. */
    CodePoints unescaped(CodePoints set) {
        return switch (this) {
            case PLAIN -> set;
            case JSON_STRING -> set.minus(CONTROLS).minus(ESCAPES);
        };
    }

    /** The letters that, after a backslash, stand for characters of a set. */
    CodePoints escapeLetters(CodePoints set) {
        CodePoints letters = CodePoints.NONE;
        if (this == JSON_STRING) {
            for (int i = 0; i < ESCAPED.length(); i++) {
                if (set.contains(ESCAPED.charAt(i))) {
                    letters = letters.union(CodePoints.of(LETTERS.charAt(i), LETTERS.charAt(i)));
                }
            }
        }
        return letters;
    }

    /** The bytes of a text, which has no unpaired surrogates. */
    byte[] bytes(String text) {
        if (this == PLAIN) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        text.codePoints().forEach(c -> bytes.writeBytes(inJsonString(c).getBytes(StandardCharsets.UTF_8)));
        return bytes.toByteArray();
    }

    private static String inJsonString(int codePoint) {
        int escape = ESCAPED.indexOf(codePoint);
        if (escape >= 0) {
            return "\\" + LETTERS.charAt(escape);
        }
        return codePoint < 0x20 ? "\\u%04x".formatted(codePoint) : Character.toString(codePoint);
    }
}
