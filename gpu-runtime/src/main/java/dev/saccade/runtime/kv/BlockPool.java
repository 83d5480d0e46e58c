package dev.saccade.runtime.kv;

import dev.saccade.runtime.device.KeyValueCache;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of the key-value cache. Each is free, held by one sequence or more, or idle: held by none, but its content is
 * known under a {@link BlockKey} and serves the next sequence that begins alike. When no block is free, the one that has been
 * idle for longest is given out. For one thread.
 */
public final class BlockPool {

    private final int[] holders;
    private final int[] free; // a stack
    private int freeCount;
    private final IdleBlocks idle;
    private final Map<BlockKey, Integer> blockOf = new HashMap<>();
    private final @Nullable BlockKey[] keyOf;

    public BlockPool(int blocks) {
        this.holders = new int[blocks];
        this.free = new int[blocks];
        this.freeCount = blocks;
        this.idle = new IdleBlocks(blocks);
        this.keyOf = new BlockKey[blocks];
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

    /** Blocks that hold nothing. */
    public int free() {
        return freeCount;
    }

    /** Blocks that nobody holds, but whose content is known. */
    public int idle() {
        return idle.size();
    }

    /** Blocks that can be given out. */
    public int available() {
        return freeCount + idle.size();
    }

    /**
     * Adds blocks to a table until it has room for so many tokens.
     *
     * @return false where too few are available; the table is left as it was then
     */
    public boolean grow(BlockTable table, int tokens) {
        int missing = blocksFor(tokens) - table.size();
        if (missing > available()) {
            return false;
        }
        for (int i = 0; i < missing; i++) {
            int block = take();
            holders[block] = 1;
            table.add(block);
        }
        return true;
    }

    private int take() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        int block = idle.removeOldest();
        forget(block);
        return block;
    }

    private void forget(int block) {
        BlockKey key = keyOf[block];
        if (key != null) {
            blockOf.remove(key);
            keyOf[block] = null;
        }
    }

    /** Makes the first blocks of a table the first of another, empty one. */
    public void share(BlockTable from, int count, BlockTable to) {
        for (int i = 0; i < count; i++) {
            hold(from.block(i), to);
        }
    }

    private void hold(int block, BlockTable table) {
        if (holders[block] == 0) {
            requireIndexed(block);
            idle.remove(block);
        }
        holders[block]++;
        table.add(block);
    }

    /** Blocks of a table that nobody else holds: what releasing it would make available. */
    public int heldAlone(BlockTable table) {
        int count = 0;
        for (int i = 0; i < table.size(); i++) {
            count += holders[table.block(i)] == 1 ? 1 : 0;
        }
        return count;
    }

    /** Empties a table. The end of a sequence becomes idle first, because without its beginning it serves nobody. */
    public void release(BlockTable table) {
        for (int i = table.size() - 1; i >= 0; i--) {
            int block = table.block(i);
            if (holders[block] == 0) {
                throw new IllegalStateException("block " + block + " is free");
            }
            if (--holders[block] == 0) {
                if (keyOf[block] == null) {
                    free[freeCount++] = block;
                } else {
                    idle.add(block);
                }
            }
        }
        table.clear();
    }

    /** Says what a full, held block contains. Where another block is known for the same, that one stays the known one. */
    public void index(int block, BlockKey key) {
        if (keyOf[block] == null && blockOf.putIfAbsent(key, block) == null) {
            keyOf[block] = key;
        }
    }

    /** Appends the block that contains this to a table; false where there is none. */
    public boolean adopt(BlockKey key, BlockTable table) {
        Integer block = blockOf.get(key);
        if (block == null) {
            return false;
        }
        hold(block, table);
        return true;
    }

    private void requireIndexed(int block) {
        if (keyOf[block] == null) {
            throw new IllegalStateException("block " + block + " is free");
        }
    }
}
