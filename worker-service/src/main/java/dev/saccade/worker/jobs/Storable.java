package dev.saccade.worker.jobs;

/** What PostgreSQL takes as text: everything but the character NUL, and half of a surrogate pair. */
final class Storable {

    private static final char REPLACEMENT = '\uFFFD';

    private Storable() {}

    static String text(String text) {
        if (text.chars().noneMatch(unit -> unit == 0 || Character.isSurrogate((char) unit))) {
            return text;
        }
        var clean = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point == 0 || (point <= Character.MAX_VALUE && Character.isSurrogate((char) point))
                        ? REPLACEMENT
                        : point)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
