package dev.saccade.runtime.constrain;

import java.util.Arrays;
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
            long[] mask = run.inside(state) ? new long[words] : null;
            if (mask != null && alongRun(run, state, mask)) {
                return mask;
            }
        }
        return besideRun(state);
    }

    /**
     * Where most bytes lead into a run, as after the quote of a name that may not be one of several, the mask is the run's
     * but for the tokens that begin with the other bytes.
     */
    private long[] besideRun(int state) {
        int neighbour = commonTarget(state);
        for (RunStates run : runs) {
            long[] mask = neighbour >= 0 && run.inside(neighbour) ? new long[words] : null;
            if (mask != null && alongRun(run, neighbour, mask)) {
                int[] rowAt = new int[trie.deepest() + 1];
                for (int b = 0; b < 256; b++) {
                    int node = trie.root(b);
                    if (node >= 0 && automaton.step(state, b) != automaton.step(neighbour, b)) {
                        trie.clear(node, mask);
                        trie.take(automaton, state, node, trie.end(node), mask, rowAt);
                    }
                }
                return mask;
            }
        }
        return plain(state);
    }

    /** The state that most bytes lead to, {@code -1} where none has most of those of ASCII. */
    private int commonTarget(int state) {
        int[] targets = new int[128];
        for (int b = 0; b < targets.length; b++) {
            targets[b] = automaton.step(state, b);
        }
        Arrays.sort(targets);
        int middle = targets[targets.length / 2 - 16];
        return middle == Automaton.DEAD ? -1 : middle;
    }

    /** Without the short cut along runs. */
    long[] plain(int state) {
        long[] mask = new long[words];
        trie.take(automaton, state, 0, trie.nodes(), mask, new int[trie.deepest() + 1]);
        return mask;
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
        int[] rowAt = new int[trie.deepest() + 1];
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
                trie.take(automaton, before, node, trie.end(node), mask, rowAt);
            }
        }
    }
}
