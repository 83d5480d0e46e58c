package dev.saccade.runtime.constrain;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The bytes of any one character of a set: the smallest deterministic automaton, without loops. State {@link #BEGIN} comes
 * before the character, state {@link #END} after it, the others lie within its bytes.
 */
final class CharacterClass {

    static final int BEGIN = 0;
    static final int END = 1;

    private final CodePoints set;
    private final Spelling spelling;
    private final Map<Tail, Integer> stateOf = new HashMap<>();
    private int states = 2;
    private int[] edges = new int[64];
    private int size;

    /** What may still follow within a character: so many continuation bytes, whose payload is one of these numbers. */
    private record Tail(int bytes, CodePoints payloads) {}

    CharacterClass(CodePoints set, Spelling spelling) {
        this.set = set;
        this.spelling = spelling;
        CodePoints plain = spelling.unescaped(set);
        leads(plain.between(0, 0x7f), 0x00, 0);
        CodePoints letters = spelling.escapeLetters(set);
        if (!letters.isEmpty()) {
            int escape = states++;
            edge(BEGIN, '\\', '\\', escape);
            payloads(letters, escape, 0x00, 0);
        }
        leads(plain.between(0x80, 0x7ff), 0xc0, 1);
        leads(plain.between(0x800, 0xffff), 0xe0, 2);
        leads(plain.between(0x10000, Character.MAX_CODE_POINT), 0xf0, 3);
        edges = Arrays.copyOf(edges, size);
    }

    private void leads(CodePoints characters, int mark, int continuations) {
        payloads(characters, BEGIN, mark, continuations);
    }

    /** Edges for the next byte, whose payload bits lie above those of the continuation bytes. */
    private void payloads(CodePoints rest, int from, int mark, int continuations) {
        int shift = 6 * continuations;
        int runFirst = -1;
        int runTarget = -1;
        int values = mark == 0 ? 0x80 : 0x40;
        for (int payload = 0; payload <= values; payload++) {
            int target = -1;
            if (payload < values) {
                CodePoints below = rest.between(payload << shift, ((payload + 1) << shift) - 1);
                target = below.isEmpty() ? -1 : tail(new Tail(continuations, below.lowered(payload << shift)));
            }
            if (target != runTarget) {
                if (runTarget >= 0) {
                    edge(from, mark + runFirst, mark + payload - 1, runTarget);
                }
                runFirst = payload;
                runTarget = target;
            }
        }
    }

    private int tail(Tail tail) {
        if (tail.bytes() == 0) {
            return END;
        }
        Integer known = stateOf.get(tail);
        if (known != null) {
            return known;
        }
        int state = states++;
        stateOf.put(tail, state);
        payloads(tail.payloads(), state, 0x80, tail.bytes() - 1);
        return state;
    }

    private void edge(int from, int low, int high, int to) {
        if (size + 4 > edges.length) {
            edges = Arrays.copyOf(edges, 2 * edges.length);
        }
        edges[size++] = from;
        edges[size++] = low;
        edges[size++] = high;
        edges[size++] = to;
    }

    CodePoints set() {
        return set;
    }

    /** States, begin and end included. */
    int states() {
        return states;
    }

    /** Receives the edges. */
    interface Edges {
        void edge(int from, int low, int high, int to);
    }

    /** Every edge, its bytes from {@code low} to {@code high}, both included. */
    void forEach(Edges visitor) {
        for (int i = 0; i < size; i += 4) {
            visitor.edge(edges[i], edges[i + 1], edges[i + 2], edges[i + 3]);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CharacterClass same && spelling == same.spelling && set.equals(same.set);
    }

    @Override
    public int hashCode() {
        return 31 * set.hashCode() + spelling.ordinal();
    }
}
