package dev.saccade.runtime.constrain;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The subset construction: each state of the result is a set of states of the nondeterministic automaton. */
final class Determinizer {

    private final Nfa nfa;
    private final int accept;
    private final ByteClasses classes;
    private final Budget budget;

    private final Map<StateSet, Integer> known = new HashMap<>();
    private final IntList setStarts = new IntList();
    private final IntList members = new IntList();
    private final int[] ofSingle; // the state that stands for the closure of one NFA state, -1 where not yet made
    private char[] table = new char[4096];
    private int states;

    // scratch of the closure
    private final int[] seen;
    private int round;
    private final IntList pending = new IntList();
    private final IntList closure = new IntList();
    private final IntList targets = new IntList();

    /** The members of a set, sorted. */
    private record StateSet(int[] sorted) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof StateSet set && Arrays.equals(sorted, set.sorted);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(sorted);
        }
    }

    private Determinizer(Nfa nfa, int accept, BitSet writable, Budget budget) {
        this.nfa = nfa;
        this.accept = accept;
        this.classes = ByteClasses.of(nfa, writable);
        this.budget = budget;
        this.seen = new int[nfa.states()];
        this.ofSingle = new int[nfa.states()];
        Arrays.fill(ofSingle, -1);
    }

    /**
     * @param writable bytes that can be written at all; transitions on others are left out
     * @return what leads from one state to the other
     */
    static Automaton determinize(Nfa nfa, int start, int accept, BitSet writable, Budget budget) {
        Determinizer work = new Determinizer(nfa, accept, writable, budget);
        work.targets.add(start);
        work.intern();
        for (int state = 0; state < work.states; state++) {
            work.expand(state);
        }
        return Trim.trim(work.result());
    }

    private int intern() {
        int single = targets.size() == 1 ? targets.get(0) : -1;
        if (single >= 0 && ofSingle[single] >= 0) {
            return ofSingle[single];
        }
        close();
        int[] sorted = closure.toArray();
        Arrays.sort(sorted);
        Integer state = known.get(new StateSet(sorted));
        if (state == null) {
            state = add(sorted);
        }
        if (single >= 0) {
            ofSingle[single] = state;
        }
        return state;
    }

    private int add(int[] sorted) {
        budget.dfa(states + 1, classes.count());
        budget.steps(classes.count() + sorted.length);
        budget.setMembers(sorted.length);
        known.put(new StateSet(sorted), states);
        setStarts.add(members.size());
        for (int member : sorted) {
            members.add(member);
        }
        int needed = (states + 1) * classes.count();
        if (needed > table.length) {
            table = Arrays.copyOf(table, Math.max(needed, 2 * table.length));
        }
        Arrays.fill(table, states * classes.count(), needed, (char) Automaton.DEAD);
        return states++;
    }

    /** All states that the targets reach without a byte, but only those that matter: with edges, or accepting. */
    private void close() {
        round++;
        closure.clear();
        for (int i = 0; i < targets.size(); i++) {
            visit(targets.get(i));
        }
        while (!pending.isEmpty()) {
            int state = pending.removeLast();
            budget.steps(1);
            if (nfa.firstEdge(state) >= 0 || state == accept) {
                closure.add(state);
            }
            for (int e = nfa.firstEpsilon(state); e >= 0; e = nfa.nextEpsilon(e)) {
                budget.steps(1);
                visit(nfa.epsilonTarget(e));
            }
        }
    }

    private void visit(int state) {
        if (seen[state] != round) {
            seen[state] = round;
            pending.add(state);
        }
    }

    private void expand(int state) {
        IntList edges = new IntList();
        BitSet cuts = new BitSet();
        int end = state + 1 < setStarts.size() ? setStarts.get(state + 1) : members.size();
        for (int i = setStarts.get(state); i < end; i++) {
            for (int e = nfa.firstEdge(members.get(i)); e >= 0; e = nfa.nextEdge(e)) {
                edges.add(e);
                cuts.set(classes.of(nfa.low(e)));
                cuts.set(classes.of(nfa.high(e)) + 1);
            }
        }
        for (int from = cuts.nextSetBit(0); from >= 0; from = cuts.nextSetBit(from + 1)) {
            int to = cuts.nextSetBit(from + 1);
            if (to >= 0) {
                segment(state, edges, from, to);
            }
        }
    }

    /** The transition on byte classes within which no edge begins or ends. */
    private void segment(int state, IntList edges, int from, int to) {
        targets.clear();
        budget.steps(edges.size());
        for (int i = 0; i < edges.size(); i++) {
            int e = edges.get(i);
            if (classes.of(nfa.low(e)) <= from && from <= classes.of(nfa.high(e))) {
                targets.add(nfa.target(e));
            }
        }
        if (targets.isEmpty()) {
            return;
        }
        char target = (char) intern();
        for (int c = from; c < to; c++) {
            if (classes.writable(c)) {
                table[state * classes.count() + c] = target;
            }
        }
    }

    private Automaton result() {
        BitSet accepting = new BitSet(states);
        @Nullable CharacterClass[] largest = new CharacterClass[states];
        for (int state = 0; state < states; state++) {
            int end = state + 1 < states ? setStarts.get(state + 1) : members.size();
            for (int i = setStarts.get(state); i < end; i++) {
                int member = members.get(i);
                accepting.set(state, accepting.get(state) || member == accept);
                CharacterClass characters = nfa.characterClass(member);
                CharacterClass known = largest[state];
                if (known == null
                        || (characters != null
                                && characters.set().size() > known.set().size())) {
                    largest[state] = characters;
                }
            }
        }
        return new Automaton(
                classes.table(), classes.count(), Arrays.copyOf(table, states * classes.count()), accepting, largest);
    }
}
