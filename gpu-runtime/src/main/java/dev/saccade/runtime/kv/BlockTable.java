package dev.saccade.runtime.kv;

import dev.saccade.runtime.device.KeyValueCache;

/**
 * Where the tokens of a sequence lie in the cache: token i in block {@code blocks[i / 16]}.
 *
 * @param blocks block numbers, in the order of the tokens
 */
@SuppressWarnings("ArrayRecordComponent") // read in place by the kernels
public record BlockTable(int[] blocks) {

    /** The slot of a token by its index in the sequence. */
    public int slot(int token) {
        return blocks[token / KeyValueCache.BLOCK_TOKENS] * KeyValueCache.BLOCK_TOKENS
                + token % KeyValueCache.BLOCK_TOKENS;
    }
}
