package dev.saccade.runtime.constrain;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two automata run side by side. */
final class Product {

    /** The second one after it refused the text. */
    private static final int GONE = Automaton.DEAD;

    private final Automaton first;
    private final Automaton second;
    private final boolean negated;
    private final Budget budget;
    private final ByteClasses classes;
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private final IntList pairs = new IntList();

    private Product(Automaton first, Automaton second, boolean negated, Budget budget) {
        this.first = first;
        this.second = second;
        this.negated = negated;
        this.budget = budget;
        this.classes = ByteClasses.of(first, second);
    }

    /** What both accept. */
    static Automaton both(Automaton first, Automaton second, Budget budget) {
        return new Product(first, second, false, budget).run();
    }

    /** What the first accepts and the second doesn't. */
    static Automaton without(Automaton first, Automaton second, Budget budget) {
        return new Product(first, second, true, budget).run();
    }

    private Automaton run() {
        if (first.states() == 0 || second.states() == 0) {
            return first.states() == 0 || negated ? first : second;
        }
        number(0, 0);
        char[] table = new char[4096];
        int count = classes.count();
        for (int state = 0; state < pairs.size(); state++) {
            budget.steps(count);
            table = (state + 1) * count > table.length ? Arrays.copyOf(table, 2 * table.length + count) : table;
            expand(state, table);
        }
        return Trim.trim(result(Arrays.copyOf(table, pairs.size() * count)));
    }

    private void expand(int state, char[] table) {
        int a = pairs.get(state) >>> 16;
        int b = pairs.get(state) & 0xffff;
        int previous = -1;
        for (int unsignedByte = 0; unsignedByte < 256; unsignedByte++) {
            int column = classes.of(unsignedByte);
            if (column != previous) {
                int nextA = first.step(a, unsignedByte);
                int nextB = b == GONE ? GONE : second.step(b, unsignedByte);
                boolean dead = nextA == Automaton.DEAD || (nextB == GONE && !negated);
                table[state * classes.count() + column] = (char) (dead ? Automaton.DEAD : number(nextA, nextB));
            }
            previous = column;
        }
    }

    private int number(int a, int b) {
        int pair = a << 16 | b;
        Integer known = numbers.get(pair);
        if (known == null) {
            known = pairs.size();
            budget.dfa(known + 1, classes.count());
            numbers.put(pair, known);
            pairs.add(pair);
        }
        return known;
    }

    private Automaton result(char[] table) {
        BitSet accepting = new BitSet();
        @Nullable CharacterClass[] characterClasses = new CharacterClass[pairs.size()];
        for (int state = 0; state < pairs.size(); state++) {
            int a = pairs.get(state) >>> 16;
            int b = pairs.get(state) & 0xffff;
            accepting.set(state, first.accepts(a) && (b != GONE && second.accepts(b)) != negated);
            characterClasses[state] = first.characterClass(a);
        }
        return new Automaton(classes.table(), classes.count(), table, accepting, characterClasses);
    }
}
