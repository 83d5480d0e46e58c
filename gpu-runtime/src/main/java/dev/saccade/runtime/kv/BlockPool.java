package dev.saccade.runtime.kv;

import dev.saccade.runtime.device.KeyValueCache;

/**
 * The blocks of the key-value cache, each counted by the sequences that hold it. A block returns to the pool when the last
 * holder releases it; the most recently returned is given out first. For one thread.
 */
public final class BlockPool {

    private final int[] holders;
    private final int[] free; // a stack
    private int freeCount;

    public BlockPool(int blocks) {
        this.holders = new int[blocks];
        this.free = new int[blocks];
        this.freeCount = blocks;
        for (int i = 0; i < blocks; i++) {
            free[i] = blocks - 1 - i;
        }
    }

    /** Blocks that so many tokens take. */
    public static int blocksFor(int tokens) {
        return Math.ceilDiv(tokens, KeyValueCache.BLOCK_TOKENS);
    }

    public int blocks() {
        return holders.length;
    }

    public int free() {
        return freeCount;
    }

    /**
     * Gives out blocks with one holder each.
     *
     * @throws IllegalStateException where fewer are free; nothing is given out then
     */
    public BlockTable allocate(int count) {
        if (count > freeCount) {
            throw new IllegalStateException(count + " blocks wanted where " + freeCount + " are free");
        }
        int[] blocks = new int[count];
        for (int i = 0; i < count; i++) {
            blocks[i] = free[--freeCount];
            holders[blocks[i]] = 1;
        }
        return new BlockTable(blocks);
    }

    /** One more holder for each block of a table. */
    public void retain(BlockTable table) {
        for (int block : table.blocks()) {
            requireHeld(block);
        }
        for (int block : table.blocks()) {
            holders[block]++;
        }
    }

    /** One holder less for each block of a table. */
    public void release(BlockTable table) {
        for (int block : table.blocks()) {
            requireHeld(block);
            if (--holders[block] == 0) {
                free[freeCount++] = block;
            }
        }
    }

    private void requireHeld(int block) {
        if (holders[block] == 0) {
            throw new IllegalStateException("block " + block + " is free");
        }
    }
}
