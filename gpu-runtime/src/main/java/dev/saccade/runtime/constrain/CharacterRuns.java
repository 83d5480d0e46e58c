package dev.saccade.runtime.constrain;

import java.util.Arrays;

/**
 * How a vocabulary's tokens run through any number of characters of one class, worked out once: most tokens lie wholly
 * inside such a run, whatever comes after it, so the masks of "inside a string" differ in a few hundred tokens only.
 */
final class CharacterRuns {

    private final int states;
    private final int[] table; // of the class's automaton, -1 for none: [state][byte]
    private final long[] inside; // tokens that lie wholly inside a run
    private final int[] byNeed; // those tokens, the ones that take most characters first
    private final int[] needEnd; // per number of characters, how many tokens take more
    private final Exits exits;

    /**
     * Places where a token leaves the run, in groups of one way out and number of whole characters before it.
     *
     * @param way per group, state of the class {@code << 8 |} byte
     * @param characters per group, whole characters before
     * @param first per group and one more, index of its first node
     * @param nodes of the trie, each the first outside the run
     * @param ways the different ways out
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Exits(int[] way, int[] characters, int[] first, int[] nodes, int[] ways) {

        int groups() {
            return way.length;
        }
    }

    CharacterRuns(CharacterClass characters, TokenTrie trie, int words) {
        states = characters.states();
        table = new int[states << 8];
        Arrays.fill(table, -1);
        characters.forEach((from, low, high, to) -> Arrays.fill(table, from << 8 | low, (from << 8 | high) + 1, to));
        inside = new long[words];
        Walk walk = new Walk(trie);
        walk.run();
        int longest = walk.longest;
        byNeed = new int[walk.inside.size() / 2];
        needEnd = new int[longest + 1];
        order(walk.inside);
        exits = group(walk.exits);
    }

    /** One pass over the whole tree. */
    private final class Walk {
        private final TokenTrie trie;
        private final IntList inside = new IntList(); // token, characters
        private final IntList exits = new IntList(); // state << 8 | byte, characters, node
        private int longest;

        Walk(TokenTrie trie) {
            this.trie = trie;
        }

        private void run() {
            int[] stateAt = new int[trie.deepest() + 1];
            int[] wholeAt = new int[trie.deepest() + 1];
            int node = 0;
            while (node < trie.nodes()) {
                int depth = trie.depth(node);
                int key = stateAt[depth - 1] << 8 | trie.unsignedByte(node);
                int target = table[key];
                if (target < 0) {
                    exits.add(key);
                    exits.add(wholeAt[depth - 1]);
                    exits.add(node);
                    node = trie.end(node);
                    continue;
                }
                boolean whole = target == CharacterClass.END;
                stateAt[depth] = whole ? CharacterClass.BEGIN : target;
                wholeAt[depth] = wholeAt[depth - 1] + (whole ? 1 : 0);
                take(node, wholeAt[depth] + (whole ? 0 : 1));
                node++;
            }
        }

        private void take(int node, int need) {
            for (int i = trie.firstToken(node); i < trie.firstToken(node + 1); i++) {
                inside.add(trie.token(i));
                inside.add(need);
                longest = Math.max(longest, need);
            }
        }
    }

    private void order(IntList tokens) {
        int[] next = new int[needEnd.length + 1];
        for (int i = 0; i < tokens.size(); i += 2) {
            inside[tokens.get(i) >> 6] |= 1L << tokens.get(i);
            next[tokens.get(i + 1)]++;
        }
        int sum = 0;
        for (int need = needEnd.length - 1; need >= 0; need--) {
            needEnd[need] = sum;
            sum += next[need];
            next[need] = needEnd[need];
        }
        for (int i = 0; i < tokens.size(); i += 2) {
            byNeed[next[tokens.get(i + 1)]++] = tokens.get(i);
        }
    }

    private static Exits group(IntList found) {
        long[] sorted = new long[found.size() / 3];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = (long) found.get(3 * i) << 44 | (long) found.get(3 * i + 1) << 28 | found.get(3 * i + 2);
        }
        Arrays.sort(sorted);
        IntList keys = new IntList();
        IntList characters = new IntList();
        IntList first = new IntList();
        int[] nodes = new int[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            nodes[i] = (int) (sorted[i] & (1L << 28) - 1);
            if (i == 0 || sorted[i] >>> 28 != sorted[i - 1] >>> 28) {
                keys.add((int) (sorted[i] >>> 44));
                characters.add((int) (sorted[i] >>> 28) & 0xffff);
                first.add(i);
            }
        }
        first.add(sorted.length);
        int[] ways = keys.toArray();
        return new Exits(
                ways,
                characters.toArray(),
                first.toArray(),
                nodes,
                Arrays.stream(ways).distinct().toArray());
    }

    /** States of the class's automaton. */
    int states() {
        return states;
    }

    /** The class's state after a byte; -1 where no character of the class goes on so. */
    int step(int state, int unsignedByte) {
        return table[state << 8 | unsignedByte];
    }

    /** Characters of the token that takes most of them. */
    int longest() {
        return needEnd.length - 1;
    }

    /** Sets the tokens that lie wholly inside a run of at most so many characters; the mask is empty before. */
    void allow(int characters, long[] mask) {
        System.arraycopy(inside, 0, mask, 0, inside.length);
        if (characters < longest()) {
            for (int i = 0; i < needEnd[characters]; i++) {
                mask[byNeed[i] >> 6] &= ~(1L << byNeed[i]);
            }
        }
    }

    Exits exits() {
        return exits;
    }

    /** Approximate size on the heap. */
    long bytes() {
        return 4L * table.length + 8L * inside.length + 4L * (byNeed.length + exits.nodes().length);
    }
}
