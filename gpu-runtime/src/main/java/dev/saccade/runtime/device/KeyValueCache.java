package dev.saccade.runtime.device;

/**
 * Keys and values of every layer in blocks of {@link #BLOCK_TOKENS} tokens. A slot is {@code block * 16 + offset}; which
 * sequence owns a block is the scheduler's business.
 */
public interface KeyValueCache {

    int BLOCK_TOKENS = 16;

    int blocks();
}
