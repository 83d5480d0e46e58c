package dev.saccade.runtime.constrain;

import java.util.List;

/** Works out which tokens fit at a state. For any number of threads. */
final class MaskBuilder {

    private final TokenTrie trie;
    private final Automaton automaton;
    private final List<RunStates> runs;
    private final int words;

    /**
     * @param runs for each large class of characters of the automaton
     * @param words of 64 tokens in a mask
     */
    MaskBuilder(TokenTrie trie, Automaton automaton, List<RunStates> runs, int words) {
        this.trie = trie;
        this.automaton = automaton;
        this.runs = runs;
        this.words = words;
    }

    /** The tokens all of whose bytes fit after a state, end-of-turn tokens aside. */
    long[] build(int state) {
        for (RunStates run : runs) {
            if (run.inside(state)) {
                long[] mask = new long[words];
                if (alongRun(run, state, mask)) {
                    return mask;
                }
            }
        }
        return plain(state);
    }

    /** Without the short cut along runs. */
    long[] plain(int state) {
        long[] mask = new long[words];
        walk(state, 0, trie.nodes(), 1, mask, new int[trie.deepest() + 1]);
        return mask;
    }

    /** Takes the tokens below some neighbouring nodes, which are at {@code depth}, with the state above them. */
    private void walk(int above, int first, int end, int depth, long[] mask, int[] stateAt) {
        stateAt[depth - 1] = above;
        int node = first;
        while (node < end) {
            int d = trie.depth(node);
            int state = automaton.step(stateAt[d - 1], trie.unsignedByte(node));
            if (state == Automaton.DEAD) {
                node = trie.end(node);
                continue;
            }
            stateAt[d] = state;
            take(node, mask);
            node++;
        }
    }

    private void take(int node, long[] mask) {
        for (int i = trie.firstToken(node); i < trie.firstToken(node + 1); i++) {
            mask[trie.token(i) >> 6] |= 1L << trie.token(i);
        }
    }

    /**
     * Copies what is known about tokens inside a run, and walks only where tokens leave it.
     *
     * @return false where the run ends within reach of a token, in a state that the short cut can't tell from the run
     */
    private boolean alongRun(RunStates run, int state, long[] mask) {
        CharacterRuns known = run.runs();
        int[] chain = new int[known.longest() + 2];
        int length = 0;
        int end = state;
        while (length <= known.longest() && run.inside(end)) {
            chain[length++] = end;
            end = run.next(end);
        }
        chain[length] = end;
        if (length <= known.longest() && run.overlaps(end)) {
            return false;
        }
        known.allow(length, mask);
        leaveRun(run, chain, length, mask);
        return true;
    }

    private void leaveRun(RunStates run, int[] chain, int length, long[] mask) {
        CharacterRuns.Exits exits = run.runs().exits();
        int[] stateAt = new int[trie.deepest() + 1];
        for (int group = 0; group < exits.groups(); group++) {
            int characters = exits.characters()[group];
            int inClass = exits.way()[group] >> 8;
            if (characters > length || (characters == length && inClass != CharacterClass.BEGIN)) {
                continue;
            }
            int before = characters == length ? chain[length] : run.inner(chain[characters], inClass);
            int target = automaton.step(before, exits.way()[group] & 0xff);
            if (target == Automaton.DEAD) {
                continue;
            }
            for (int i = exits.first()[group]; i < exits.first()[group + 1]; i++) {
                int node = exits.nodes()[i];
                take(node, mask);
                walk(target, node + 1, trie.end(node), trie.depth(node) + 1, mask, stateAt);
            }
        }
    }
}
