package dev.saccade.runtime.text;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Finds any of several stop strings in one pass over a text, after Aho and Corasick (Efficient String Matching, 1975). A
 * state is the longest end of the text that begins a stop string. For any number of sequences and threads.
 */
public final class StopAutomaton {

    /** The state before the first character. */
    static final int START = 0;

    private static final int NONE = -1;

    private final boolean empty;
    private final char[] character; // that leads to the state
    private final int[] firstChild;
    private final int[] sibling;
    private final int[] fallback; // the longest proper end of the state's text that is a state
    private final int[] found; // length of the longest stop string that ends here, or 0
    private final int[] held; // length of the longest end that may still become a stop string
    private int states = 1;

    /** @param stops strings of at least one character */
    public StopAutomaton(List<String> stops) {
        int most = 1 + stops.stream().mapToInt(String::length).sum();
        this.empty = stops.isEmpty();
        this.character = new char[most];
        this.firstChild = new int[most];
        this.sibling = new int[most];
        this.fallback = new int[most];
        this.found = new int[most];
        this.held = new int[most];
        Arrays.fill(firstChild, NONE);
        stops.forEach(this::add);
        link();
    }

    private void add(String stop) {
        int state = START;
        for (int i = 0; i < stop.length(); i++) {
            int next = child(state, stop.charAt(i));
            if (next == NONE) {
                next = states++;
                character[next] = stop.charAt(i);
                sibling[next] = firstChild[state];
                firstChild[state] = next;
                held[next] = i + 1;
            }
            state = next;
        }
        found[state] = stop.length();
    }

    private int child(int state, char next) {
        int child = firstChild[state];
        while (child != NONE && character[child] != next) {
            child = sibling[child];
        }
        return child;
    }

    /** Sets fallbacks from the shortest text to the longest, each by that of the text without its last character. */
    private void link() {
        Deque<Integer> open = new ArrayDeque<>(List.of(START));
        while (!open.isEmpty()) {
            int state = open.removeFirst();
            for (int child = firstChild[state]; child != NONE; child = sibling[child]) {
                fallback[child] = state == START ? START : step(fallback[state], character[child]);
                found[child] = Math.max(found[child], found[fallback[child]]);
                if (firstChild[child] == NONE) {
                    held[child] = held[fallback[child]];
                }
                open.add(child);
            }
        }
    }

    /** The state after one more character. */
    int step(int state, char next) {
        int from = state;
        while (true) {
            int child = child(from, next);
            if (child != NONE) {
                return child;
            }
            if (from == START) {
                return START;
            }
            from = fallback[from];
        }
    }

    boolean isEmpty() {
        return empty;
    }

    /** Length of the longest stop string that ends at this state; 0 where none does. */
    int found(int state) {
        return found[state];
    }

    /** Length of the longest end of the text that may still become a stop string. */
    int held(int state) {
        return held[state];
    }
}
