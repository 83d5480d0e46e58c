package dev.saccade.api.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells reasoning from answer while a text is still being written. It can't look ahead: where a thought itself mentions the
 * tags, the result says what counts. For one text, one thread at a time.
 */
public final class TextParts {

    private static final String THINK = "<think>";
    private static final String THINK_END = "</think>";
    private static final String ANSWER = "<answer>";
    private static final String ANSWER_END = "</answer>";

    private final StringBuilder held = new StringBuilder();
    private int offset; // of what is held
    private Place place = Place.START;

    /** What a piece of text is. */
    public enum Part {
        REASONING,
        ANSWER,
        /** Tags, and the space around them. */
        MARK;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A piece of the text, from this offset on. */
    public record Piece(Part part, int offset, String text) {

        public int end() {
            return offset + text.length();
        }

        /** What of it lies behind an offset inside it. */
        public Piece from(int start) {
            return start <= offset ? this : new Piece(part, start, text.substring(start - offset));
        }
    }

    private enum Place {
        START,
        THOUGHT,
        BEHIND_THOUGHT,
        PLAIN_ANSWER,
        TAGGED_ANSWER,
        END
    }

    /** How much of the text has come in. */
    int length() {
        return offset + held.length();
    }

    /**
     * More of the text; gives what can be told by now, in order.
     *
     * @param last nothing follows, so what might have become a tag is none
     */
    List<Piece> add(String more, boolean last) {
        held.append(more);
        var pieces = new ArrayList<Piece>();
        while (step(pieces, last)) {
            // the next tag may be held already
        }
        return pieces;
    }

    private boolean step(List<Piece> pieces, boolean last) {
        int tag = -1;
        String found = "";
        for (String candidate : expected()) {
            int at = held.indexOf(candidate);
            if (at >= 0 && (tag < 0 || at < tag)) {
                tag = at;
                found = candidate;
            }
        }
        if (tag < 0) {
            take(pieces, last ? held.length() : held.length() - undecided());
            return false;
        }
        take(pieces, tag);
        emit(pieces, Part.MARK, found.length());
        place = behind(found);
        return true;
    }

    private List<String> expected() {
        return switch (place) {
            case START -> List.of(THINK, ANSWER);
            case THOUGHT -> List.of(THINK_END);
            case BEHIND_THOUGHT, PLAIN_ANSWER -> List.of(ANSWER);
            case TAGGED_ANSWER -> List.of(ANSWER_END);
            case END -> List.of();
        };
    }

    private static Place behind(String tag) {
        return switch (tag) {
            case THINK -> Place.THOUGHT;
            case THINK_END -> Place.BEHIND_THOUGHT;
            case ANSWER -> Place.TAGGED_ANSWER;
            default -> Place.END;
        };
    }

    /** Characters at the end that may be the beginning of a tag. */
    private int undecided() {
        int longest = 0;
        for (String tag : expected()) {
            for (int length = Math.min(tag.length() - 1, held.length()); length > longest; length--) {
                if (tag.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    private void take(List<Piece> pieces, int length) {
        if (place == Place.START || place == Place.BEHIND_THOUGHT) {
            int space = 0;
            while (space < length && Character.isWhitespace(held.charAt(space))) {
                space++;
            }
            emit(pieces, Part.MARK, space);
            if (space == length) {
                return;
            }
            length -= space;
            place = Place.PLAIN_ANSWER;
        }
        emit(
                pieces,
                switch (place) {
                    case THOUGHT -> Part.REASONING;
                    case START, BEHIND_THOUGHT, PLAIN_ANSWER, TAGGED_ANSWER -> Part.ANSWER;
                    case END -> Part.MARK;
                },
                length);
    }

    private void emit(List<Piece> pieces, Part part, int length) {
        if (length > 0) {
            pieces.add(new Piece(part, offset, held.substring(0, length)));
            held.delete(0, length);
            offset += length;
        }
    }
}
