package dev.saccade.runtime.constrain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which states of an automaton are inside a run: every character of one class leads to one and the same state, the next of
 * the run. Found by looking at the transitions, so it holds whatever the automaton was made from.
 */
final class RunStates {

    private static final int UNKNOWN = -1;

    private final Automaton automaton;
    private final CharacterRuns runs;
    private final int[] next; // -1 for states outside a run
    private final int[] @Nullable [] inner; // per state inside a run, the automaton's state for each state of the class

    RunStates(Automaton automaton, CharacterClass characters, CharacterRuns runs) {
        this.automaton = automaton;
        this.runs = runs;
        this.next = new int[automaton.states()];
        this.inner = new int[automaton.states()][];
        int[] steps = steps();
        for (int state = 0; state < next.length; state++) {
            next[state] = UNKNOWN;
            CharacterClass own = automaton.characterClass(state);
            if (own != null && own.equals(characters)) {
                follow(state, steps);
            }
        }
    }

    /** The transitions of the class, one byte for each byte class: state, byte, target; a state's come after one into it. */
    private int[] steps() {
        IntList steps = new IntList();
        IntList reached = new IntList();
        boolean[] seen = new boolean[runs.states()];
        reached.add(CharacterClass.BEGIN);
        seen[CharacterClass.END] = true;
        for (int i = 0; i < reached.size(); i++) {
            int inClass = reached.get(i);
            for (int b = 0; b < 256; b++) {
                int target = runs.step(inClass, b);
                boolean representative =
                        b == 0 || automaton.classOf()[b] != automaton.classOf()[b - 1];
                if (target >= 0 && representative) {
                    steps.add(inClass);
                    steps.add(b);
                    steps.add(target);
                    if (!seen[target]) {
                        seen[target] = true;
                        reached.add(target);
                    }
                }
            }
        }
        return steps.toArray();
    }

    private void follow(int start, int[] steps) {
        int[] stateOf = new int[runs.states()];
        Arrays.fill(stateOf, UNKNOWN);
        stateOf[CharacterClass.BEGIN] = start;
        for (int i = 0; i < steps.length; i += 3) {
            int target = steps[i + 2];
            int reached = automaton.step(stateOf[steps[i]], steps[i + 1]);
            if (reached == Automaton.DEAD || (stateOf[target] != UNKNOWN && stateOf[target] != reached)) {
                return;
            }
            stateOf[target] = reached;
        }
        next[start] = stateOf[CharacterClass.END];
        inner[start] = stateOf;
    }

    CharacterRuns runs() {
        return runs;
    }

    /** Whether a state is inside a run. */
    boolean inside(int state) {
        return next[state] != UNKNOWN;
    }

    /** The state after one character. */
    int next(int state) {
        return next[state];
    }

    /** The automaton's state where a run state is so far within a character. */
    int inner(int state, int inClass) {
        int[] states = inner[state];
        return states == null ? Automaton.DEAD : states[inClass];
    }

    /** Whether a state, at the end of a run, goes on with a byte that also begins a character of the class. */
    boolean overlaps(int state) {
        for (int b = 0; b < 256; b++) {
            if (runs.step(CharacterClass.BEGIN, b) >= 0 && automaton.step(state, b) != Automaton.DEAD) {
                return true;
            }
        }
        return false;
    }

    /** Whether two run states end, and leave the run, in the same way. */
    private boolean leaveAlike(int a, int b) {
        if (automaton.accepts(a) != automaton.accepts(b)) {
            return false;
        }
        for (int way : runs.exits().ways()) {
            int inClass = way >> 8;
            int unsignedByte = way & 0xff;
            if (automaton.step(inner(a, inClass), unsignedByte) != automaton.step(inner(b, inClass), unsignedByte)) {
                return false;
            }
        }
        return true;
    }

    /**
     * For each state one with the same tokens, most often itself: far from the end of a long run, how far doesn't matter.
     */
    void shareMasks(int[] representative) {
        int[] alike = new int[next.length]; // run states from here on that leave alike
        for (int state = 0; state < next.length; state++) {
            IntList path = new IntList();
            int s = state;
            while (inside(s) && alike[s] == 0) {
                alike[s] = 1;
                path.add(s);
                s = next[s];
            }
            while (!path.isEmpty()) {
                int last = path.removeLast();
                int after = next[last];
                if (after != last && inside(after) && leaveAlike(last, after)) {
                    alike[last] = alike[after] + 1;
                    if (alike[last] > runs.longest() + 2) {
                        representative[last] = representative[after];
                    }
                }
            }
        }
    }
}
