package dev.saccade.runtime.constrain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A nondeterministic automaton over bytes, while it is built. A piece is added from a state that exists and gives the state
 * after it; nothing ever leads back into the state that it was added from, so several pieces may start at one state.
 */
final class Nfa {

    private final Budget budget;
    private int states;
    private int[] firstEdge = new int[256];
    private int[] firstEpsilon = new int[256];
    private final IntList edges = new IntList(); // low << 8 | high, target, next edge
    private final IntList epsilons = new IntList(); // target, next epsilon
    private final List<@Nullable CharacterClass> classes = new ArrayList<>();

    Nfa(Budget budget) {
        this.budget = budget;
    }

    int state() {
        budget.nfaState();
        if (states == firstEdge.length) {
            firstEdge = Arrays.copyOf(firstEdge, 2 * states);
            firstEpsilon = Arrays.copyOf(firstEpsilon, 2 * states);
        }
        firstEdge[states] = -1;
        firstEpsilon[states] = -1;
        classes.add(null);
        return states++;
    }

    int states() {
        return states;
    }

    void edge(int from, int low, int high, int to) {
        budget.steps(1);
        int edge = edges.size();
        edges.add(low << 8 | high);
        edges.add(to);
        edges.add(firstEdge[from]);
        firstEdge[from] = edge;
    }

    void epsilon(int from, int to) {
        budget.steps(1);
        int epsilon = epsilons.size();
        epsilons.add(to);
        epsilons.add(firstEpsilon[from]);
        firstEpsilon[from] = epsilon;
    }

    /** Adds these bytes. */
    int bytes(int from, byte... bytes) {
        int state = from;
        for (byte b : bytes) {
            int next = state();
            edge(state, b & 0xff, b & 0xff, next);
            state = next;
        }
        return state;
    }

    /** Adds one ASCII character. */
    int ascii(int from, char character) {
        return bytes(from, (byte) character);
    }

    /** Adds one character of a class. */
    int character(int from, CharacterClass characters) {
        int end = state();
        int inner = states;
        for (int i = 2; i < characters.states(); i++) {
            state();
        }
        characters.forEach((a, low, high, b) -> edge(
                a == CharacterClass.BEGIN ? from : inner + a - 2,
                low,
                high,
                b == CharacterClass.END ? end : inner + b - 2));
        mark(from, characters);
        return end;
    }

    private void mark(int state, @Nullable CharacterClass characters) {
        CharacterClass known = classes.get(state);
        if (characters != null
                && (known == null || known.set().size() < characters.set().size())) {
            classes.set(state, characters);
        }
    }

    /** Adds everything that a deterministic automaton accepts. */
    int automaton(int from, Automaton automaton) {
        int end = state();
        int base = states;
        for (int state = 0; state < automaton.states(); state++) {
            mark(state(), automaton.characterClass(state));
            if (automaton.accepts(state)) {
                epsilon(base + state, end);
            }
        }
        for (int state = 0; state < automaton.states(); state++) {
            int source = base + state;
            automaton.forEachEdge(state, (low, high, target) -> edge(source, low, high, base + target));
        }
        if (automaton.states() > 0) {
            epsilon(from, base);
        }
        return end;
    }

    /** The largest class of characters that begins at this state. */
    @Nullable
    CharacterClass characterClass(int state) {
        return classes.get(state);
    }

    /** First edge of a state, -1 for none. */
    int firstEdge(int state) {
        return firstEdge[state];
    }

    int nextEdge(int edge) {
        return edges.get(edge + 2);
    }

    int low(int edge) {
        return edges.get(edge) >> 8;
    }

    int high(int edge) {
        return edges.get(edge) & 0xff;
    }

    int target(int edge) {
        return edges.get(edge + 1);
    }

    /** First transition of a state that takes no byte, -1 for none. */
    int firstEpsilon(int state) {
        return firstEpsilon[state];
    }

    int nextEpsilon(int epsilon) {
        return epsilons.get(epsilon + 1);
    }

    int epsilonTarget(int epsilon) {
        return epsilons.get(epsilon);
    }
}
