package dev.saccade.runtime.constrain;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The tokens of a vocabulary as a tree of bytes, its nodes in preorder, so that one scan of flat arrays walks it and a jump
 * leaves out a subtree.
 */
final class TokenTrie {

    private final byte[] bytes; // per node, the byte that leads to it
    private final short[] depth; // per node, from 1
    private final int[] end; // per node, the first node after its subtree
    private final int[] firstToken; // per node and one more, index into tokens
    private final int[] tokens; // ids, in the nodes' order
    private final int[] roots = new int[256];
    private final int deepest;
    private final BitSet singleBytes = new BitSet(256);

    /**
     * @param tokenBytes of each id; an empty array for ids that are never part of a text
     */
    TokenTrie(byte[][] tokenBytes) {
        tokens = sorted(tokenBytes);
        int nodes = 0;
        byte[] previous = {};
        int longest = 0;
        for (int token : tokens) {
            byte[] own = tokenBytes[token];
            nodes += own.length - common(previous, own);
            longest = Math.max(longest, own.length);
            if (own.length == 1) {
                singleBytes.set(own[0] & 0xff);
            }
            previous = own;
        }
        deepest = longest;
        bytes = new byte[nodes];
        depth = new short[nodes];
        end = new int[nodes];
        firstToken = new int[nodes + 1];
        fill(tokenBytes);
        Arrays.fill(roots, -1);
        for (int node = 0; node < nodes; node = end[node]) {
            roots[bytes[node] & 0xff] = node;
        }
    }

    private static int[] sorted(byte[][] tokenBytes) {
        Integer[] ids = new Integer[tokenBytes.length];
        Arrays.setAll(ids, id -> id);
        Arrays.sort(ids, (a, b) -> Arrays.compareUnsigned(tokenBytes[a], tokenBytes[b]));
        return Arrays.stream(ids)
                .mapToInt(Integer::intValue)
                .filter(id -> tokenBytes[id].length > 0)
                .toArray();
    }

    private static int common(byte[] a, byte[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    private void fill(byte[][] tokenBytes) {
        int[] open = new int[deepest + 1]; // per depth, the node whose subtree is not yet closed
        byte[] previous = {};
        int node = 0;
        for (int index = 0; index < tokens.length; index++) {
            byte[] own = tokenBytes[tokens[index]];
            int shared = common(previous, own);
            for (int d = shared; d < previous.length; d++) {
                end[open[d]] = node;
            }
            for (int d = shared; d < own.length; d++) {
                open[d] = node;
                bytes[node] = own[d];
                depth[node] = (short) (d + 1);
                firstToken[node] = index;
                node++;
            }
            previous = own;
        }
        for (int d = 0; d < previous.length; d++) {
            end[open[d]] = node;
        }
        firstToken[node] = tokens.length;
    }

    /**
     * Sets the tokens below some neighbouring nodes that an automaton takes.
     *
     * @param above the automaton's state at the parent of these nodes
     * @param first the first of the nodes
     * @param end the node after their subtrees
     * @param rowAt scratch of {@link #deepest} and one more
     */
    void take(Automaton automaton, int above, int first, int end, long[] mask, int[] rowAt) {
        // the fields in locals: this loop is what a first visit of a state costs
        byte[] classOf = automaton.classOf();
        char[] table = automaton.table();
        int classes = automaton.classes();
        byte[] bytes = this.bytes;
        short[] depth = this.depth;
        int node = first;
        if (node < end) {
            rowAt[depth[node] - 1] = above * classes;
        }
        while (node < end) {
            int d = depth[node];
            int state = table[rowAt[d - 1] + (classOf[bytes[node] & 0xff] & 0xff)];
            if (state == Automaton.DEAD) {
                node = this.end[node];
                continue;
            }
            rowAt[d] = state * classes;
            for (int i = firstToken[node]; i < firstToken[node + 1]; i++) {
                mask[tokens[i] >> 6] |= 1L << tokens[i];
            }
            node++;
        }
    }

    /** Clears the tokens below a node, its own included. */
    void clear(int node, long[] mask) {
        for (int i = firstToken[node]; i < firstToken[end[node]]; i++) {
            mask[tokens[i] >> 6] &= ~(1L << tokens[i]);
        }
    }

    /** The node of a token's first byte, {@code -1} where no token begins with it. */
    int root(int unsignedByte) {
        return roots[unsignedByte];
    }

    int nodes() {
        return bytes.length;
    }

    int unsignedByte(int node) {
        return bytes[node] & 0xff;
    }

    int depth(int node) {
        return depth[node];
    }

    /** The first node after a node's subtree. */
    int end(int node) {
        return end[node];
    }

    /** Index of the first token that ends at this node; those up to the next node's first one do. */
    int firstToken(int node) {
        return firstToken[node];
    }

    int token(int index) {
        return tokens[index];
    }

    /** How many tokens. */
    int tokens() {
        return tokens.length;
    }

    /** Bytes of the longest token. */
    int deepest() {
        return deepest;
    }

    /** Bytes that a token of their own can write. */
    BitSet singleBytes() {
        return singleBytes;
    }
}
