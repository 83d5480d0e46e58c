package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.device.StagedRows;

/**
 * A step's rows in device memory: those of answers first, one by one; those of prompts in tiles of 64 at the most.
 *
 * @param pieces most pieces that an answer row's context is cut into
 * @param leastBlocks of the cache that such a piece has, unless it is the last
 * @param lengths address of (rows) tokens that a row sees
 * @param slots address of (rows) places in the cache
 * @param tableOf address of (answers) places in {@code tables}
 * @param tileList address of (tiles) of four integers each
 * @param tables address of the sequences' blocks
 */
record CudaStep(
        int answers,
        int prompts,
        int tiles,
        int pieces,
        int leastBlocks,
        long lengths,
        long slots,
        long tableOf,
        long tileList,
        long tables)
        implements StagedRows {

    int rows() {
        return answers + prompts;
    }
}
