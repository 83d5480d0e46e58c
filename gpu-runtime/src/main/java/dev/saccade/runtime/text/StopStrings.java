package dev.saccade.runtime.text;

import java.util.List;

/**
 * Finds stop strings in a text that arrives in pieces. What may still become a stop string is held back, and no more. The
 * text ends where a stop string is complete for the first time; of several that end there the longest counts. For one
 * sequence, one thread at a time.
 */
public final class StopStrings {

    private final StopAutomaton automaton;
    private final boolean include;
    private final StringBuilder pending = new StringBuilder();
    private int state = StopAutomaton.START;
    private boolean stopped;

    public StopStrings(List<String> stops) {
        this(new StopAutomaton(stops), false);
    }

    /** @param include keep the stop string in the text */
    public StopStrings(StopAutomaton automaton, boolean include) {
        this.automaton = automaton;
        this.include = include;
    }

    /** The text that has become final with this piece; empty after a stop string. */
    public String push(String piece) {
        return push(piece, true);
    }

    /**
     * As {@link #push(String)}.
     *
     * @param armed whether a stop string that ends in this piece ends the text; else it is ordinary text
     */
    public String push(String piece, boolean armed) {
        if (stopped) {
            return "";
        }
        if (automaton.isEmpty()) {
            return piece;
        }
        for (int i = 0; i < piece.length(); i++) {
            pending.append(piece.charAt(i));
            state = automaton.step(state, piece.charAt(i));
            if (armed && automaton.found(state) > 0) {
                stopped = true;
                return take(include ? pending.length() : pending.length() - automaton.found(state));
            }
        }
        return take(pending.length() - automaton.held(state));
    }

    /** Whether a stop string has been found. */
    public boolean stopped() {
        return stopped;
    }

    /** What is still held back, at the end of the sequence; empty after a stop string. */
    public String finish() {
        return stopped ? "" : take(pending.length());
    }

    private String take(int length) {
        String taken = pending.substring(0, length);
        pending.delete(0, length);
        return taken;
    }
}
