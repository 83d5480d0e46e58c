package dev.saccade.api.videos;

import org.jspecify.annotations.Nullable;

/** Names that clients give to files: for display only, never part of a path or an object key. */
public final class Filenames {

    private static final int LONGEST = 255;
    private static final String UNNAMED = "upload";

    private Filenames() {}

    /** The last path segment, without characters that are invisible or change the direction of text. */
    public static String display(@Nullable String given) {
        if (given == null) {
            return UNNAMED;
        }
        String name = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
        StringBuilder kept = new StringBuilder();
        name.codePoints().filter(Filenames::visible).forEach(kept::appendCodePoint);
        String clean = kept.toString().strip();
        if (clean.isEmpty() || clean.equals(".") || clean.equals("..")) {
            return UNNAMED;
        }
        return shorten(clean);
    }

    private static boolean visible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            // FORMAT holds the marks, embeddings, overrides and isolates of bidirectional text.
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static String shorten(String name) {
        if (name.length() <= LONGEST) {
            return name;
        }
        int end = Character.isHighSurrogate(name.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return name.substring(0, end);
    }
}
