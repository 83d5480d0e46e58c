package dev.saccade.runtime.text;

import java.util.List;

/**
 * Finds stop strings in a text that arrives in pieces. What may still become a stop string is held back; the first stop
 * string found, and all behind it, is left out. For one sequence, one thread at a time.
 */
public final class StopStrings {

    private final List<String> stops;
    private final StringBuilder pending = new StringBuilder();
    private boolean stopped;

    public StopStrings(List<String> stops) {
        this.stops = List.copyOf(stops);
    }

    /** The text that has become final with this piece; empty after a stop string. */
    public String push(String piece) {
        if (stopped) {
            return "";
        }
        pending.append(piece);
        int found = first();
        if (found >= 0) {
            stopped = true;
            return take(found);
        }
        return take(pending.length() - heldBack());
    }

    /** Whether a stop string has been found. */
    public boolean stopped() {
        return stopped;
    }

    /** What is still held back, at the end of the sequence; empty after a stop string. */
    public String finish() {
        return stopped ? "" : take(pending.length());
    }

    private int first() {
        int first = -1;
        for (String stop : stops) {
            int found = pending.indexOf(stop);
            if (found >= 0 && (first < 0 || found < first)) {
                first = found;
            }
        }
        return first;
    }

    /** Length of the longest end of the pending text that begins a stop string. */
    private int heldBack() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, pending.length()); length > longest; length--) {
                if (endsWith(stop, length)) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    private boolean endsWith(String stop, int length) {
        int from = pending.length() - length;
        for (int i = 0; i < length; i++) {
            if (pending.charAt(from + i) != stop.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String take(int length) {
        String taken = pending.substring(0, length);
        pending.delete(0, length);
        return taken;
    }
}
