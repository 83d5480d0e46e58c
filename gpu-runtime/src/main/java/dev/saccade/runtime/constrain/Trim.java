package dev.saccade.runtime.constrain;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Removes the states from which nothing can be completed. */
final class Trim {

    private Trim() {}

    static Automaton trim(Automaton all) {
        BitSet live = canEnd(all);
        if (live.cardinality() == all.states()) {
            return all;
        }
        if (!live.get(0)) {
            return new Automaton(all.classOf(), all.classes(), new char[0], new BitSet(), new CharacterClass[0]);
        }
        int[] number = new int[all.states()];
        Arrays.fill(number, Automaton.DEAD);
        int count = 0;
        for (int state = live.nextSetBit(0); state >= 0; state = live.nextSetBit(state + 1)) {
            number[state] = count++;
        }
        int classes = all.classes();
        char[] table = new char[count * classes];
        BitSet accepting = new BitSet(count);
        @Nullable CharacterClass[] characterClasses = new CharacterClass[count];
        for (int state = live.nextSetBit(0); state >= 0; state = live.nextSetBit(state + 1)) {
            for (int c = 0; c < classes; c++) {
                int target = all.table()[state * classes + c];
                table[number[state] * classes + c] = (char) (target == Automaton.DEAD ? target : number[target]);
            }
            accepting.set(number[state], all.accepts(state));
            characterClasses[number[state]] = all.characterClass(state);
        }
        return new Automaton(all.classOf(), classes, table, accepting, characterClasses);
    }

    /** States from which an accepting one can be reached: a search against the direction of the transitions. */
    private static BitSet canEnd(Automaton all) {
        int[] firstSource = new int[all.states()];
        Arrays.fill(firstSource, -1);
        IntList sources = new IntList(); // source, next
        int classes = all.classes();
        for (int state = 0; state < all.states(); state++) {
            int last = Automaton.DEAD;
            for (int c = 0; c < classes; c++) {
                int target = all.table()[state * classes + c];
                if (target != last && target != Automaton.DEAD) {
                    sources.add(state);
                    sources.add(firstSource[target]);
                    firstSource[target] = sources.size() - 2;
                }
                last = target;
            }
        }
        BitSet live = new BitSet(all.states());
        IntList pending = new IntList();
        for (int state = all.accepting().nextSetBit(0);
                state >= 0;
                state = all.accepting().nextSetBit(state + 1)) {
            live.set(state);
            pending.add(state);
        }
        while (!pending.isEmpty()) {
            for (int s = firstSource[pending.removeLast()]; s >= 0; s = sources.get(s + 1)) {
                if (!live.get(sources.get(s))) {
                    live.set(sources.get(s));
                    pending.add(sources.get(s));
                }
            }
        }
        return live;
    }
}
