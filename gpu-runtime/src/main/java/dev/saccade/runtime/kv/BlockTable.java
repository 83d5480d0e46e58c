package dev.saccade.runtime.kv;

import dev.saccade.runtime.device.KeyValueCache;
import java.util.Arrays;

/** Where the tokens of a sequence lie in the cache: token i in block {@code i / 16}. Grows as tokens come. */
public final class BlockTable {

    private int[] blocks = new int[8];
    private int size;

    /** Blocks in use. */
    public int size() {
        return size;
    }

    /** Tokens that there is room for. */
    public int tokens() {
        return size * KeyValueCache.BLOCK_TOKENS;
    }

    /** Block numbers in the order of the tokens, read in place by the kernels; those from {@link #size} on are not in use. */
    public int[] blocks() {
        return blocks;
    }

    public int block(int index) {
        return blocks[index];
    }

    /** The slot of a token by its index in the sequence. */
    public int slot(int token) {
        return blocks[token / KeyValueCache.BLOCK_TOKENS] * KeyValueCache.BLOCK_TOKENS
                + token % KeyValueCache.BLOCK_TOKENS;
    }

    void add(int block) {
        if (size == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * size);
        }
        blocks[size++] = block;
    }

    void clear() {
        size = 0;
    }
}
