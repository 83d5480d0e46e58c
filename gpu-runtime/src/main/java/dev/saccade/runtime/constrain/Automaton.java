package dev.saccade.runtime.constrain;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A deterministic automaton over bytes that starts in state 0. Every state can still reach an accepting one, so a text that
 * is not refused so far can always be completed; with no states at all it accepts nothing.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Automaton(
        byte[] classOf,
        int classes,
        char[] table,
        BitSet accepting,
        @Nullable CharacterClass[] characterClasses) {

    /** No such transition. */
    static final int DEAD = Character.MAX_VALUE;

    int states() {
        return characterClasses.length;
    }

    /** The state after a byte, or {@link #DEAD}. */
    int step(int state, int unsignedByte) {
        return table[state * classes + (classOf[unsignedByte] & 0xff)];
    }

    boolean accepts(int state) {
        return accepting.get(state);
    }

    /** Whether a text may end here and can't go on. */
    boolean mustEnd(int state) {
        for (int i = state * classes; i < (state + 1) * classes; i++) {
            if (table[i] != DEAD) {
                return false;
            }
        }
        return true;
    }

    /** The largest class of characters that begins at a state, if any: a hint, the state may go on with others as well. */
    @Nullable
    CharacterClass characterClass(int state) {
        return characterClasses[state];
    }

    /** Receives a state's transitions. */
    interface Edges {
        void edge(int low, int high, int target);
    }

    void forEachEdge(int state, Edges visitor) {
        int low = 0;
        for (int b = 1; b <= 256; b++) {
            if (b == 256 || step(state, b) != step(state, low)) {
                if (step(state, low) != DEAD) {
                    visitor.edge(low, b - 1, step(state, low));
                }
                low = b;
            }
        }
    }

    /** Approximate size on the heap. */
    long bytes() {
        return 2L * table.length + 8L * characterClasses.length + 1024;
    }
}
