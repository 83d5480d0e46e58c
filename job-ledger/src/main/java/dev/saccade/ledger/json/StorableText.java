package dev.saccade.ledger.json;

/** Makes any string one that PostgreSQL stores: a NUL or half a surrogate pair would fail the whole transaction. */
public final class StorableText {

    private static final char REPLACEMENT = '\uFFFD';

    private StorableText() {}

    /** The text with U+FFFD for every character that can't be stored. */
    public static String clean(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!storable(text, i)) {
                return replace(text, i);
            }
        }
        return text;
    }

    /** {@link #clean} of at most so many characters. */
    public static String clip(String text, int most) {
        return clean(text.length() <= most ? text : text.substring(0, most));
    }

    private static String replace(String text, int first) {
        var cleaned = new StringBuilder(text);
        for (int i = first; i < text.length(); i++) {
            if (!storable(text, i)) {
                cleaned.setCharAt(i, REPLACEMENT);
            }
        }
        return cleaned.toString();
    }

    private static boolean storable(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
        }
        return c != 0;
    }
}
