package dev.saccade.runtime.constrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Looks at a constraint's masks from outside. */
final class Masks {

    private Masks() {}

    /** Checks the mask of every state that tokens lead to, up to so many, against trying each token. */
    static int checkAgainstEveryToken(Constraint constraint, int vocabulary, int mostStates) {
        BitSet seen = new BitSet();
        Deque<Integer> pending = new ArrayDeque<>();
        pending.add(constraint.start());
        seen.set(constraint.start());
        while (!pending.isEmpty() && seen.cardinality() < mostStates) {
            int state = pending.remove();
            BitSet expected = new BitSet();
            for (int token = 0; token < vocabulary; token++) {
                int next = constraint.next(state, token);
                if (next != Constraint.DEAD) {
                    expected.set(token);
                    if (!seen.get(next)) {
                        seen.set(next);
                        pending.add(next);
                    }
                }
            }
            assertThat(BitSet.valueOf(constraint.allowed(state)))
                    .as("mask of state " + state)
                    .isEqualTo(expected);
            assertThat(expected.isEmpty()).as("a dead end at state " + state).isFalse();
        }
        return seen.cardinality();
    }

    /** Random tokens that fit, until one ends the turn; a text of more than 60 tokens takes the shortest way to its end. */
    static byte[] randomText(Constraint constraint, byte[][] tokens, int end, Random random) {
        int[] wayToEnd = wayToEnd(constraint, tokens);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        int state = constraint.start();
        for (int step = 0; !constraint.mustEnd(state); step++) {
            BitSet allowed = BitSet.valueOf(constraint.allowed(state));
            assertThat(allowed.get(end)).isEqualTo(constraint.mayEnd(state));
            if (allowed.get(end) && (step > 60 || random.nextInt(3) == 0)) {
                return text.toByteArray();
            }
            allowed.clear(end);
            int drawn = allowed.nextSetBit(random.nextInt(allowed.length()));
            int token = step > 60 ? wayToEnd[state] : drawn;
            text.writeBytes(tokens[token]);
            state = constraint.next(state, token);
            assertThat(state).as("state after an allowed token").isNotEqualTo(Constraint.DEAD);
        }
        return text.toByteArray();
    }

    /** For each state the token of one byte that leads nearest to an end. */
    private static int[] wayToEnd(Constraint constraint, byte[][] tokens) {
        int[] single = IntStream.range(0, tokens.length)
                .filter(id -> tokens[id].length == 1)
                .toArray();
        List<List<int[]>> into = new ArrayList<>();
        Deque<Integer> pending = new ArrayDeque<>();
        int[] way = new int[constraint.states()];
        Arrays.fill(way, -1);
        for (int state = 0; state < way.length; state++) {
            into.add(new ArrayList<>());
        }
        for (int state = 0; state < way.length; state++) {
            if (constraint.mayEnd(state)) {
                way[state] = Integer.MAX_VALUE;
                pending.add(state);
            }
            for (int token : single) {
                int next = constraint.next(state, token);
                if (next != Constraint.DEAD) {
                    into.get(next).add(new int[] {state, token});
                }
            }
        }
        while (!pending.isEmpty()) {
            for (int[] edge : into.get(pending.remove())) {
                if (way[edge[0]] < 0) {
                    way[edge[0]] = edge[1];
                    pending.add(edge[0]);
                }
            }
        }
        return way;
    }
}
