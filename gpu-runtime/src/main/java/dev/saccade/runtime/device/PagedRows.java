package dev.saccade.runtime.device;

/**
 * For each row of a step, where its key and value go and what it attends to. The rows of one sequence stand together, in
 * the order of its tokens: a stretch.
 *
 * @param slots (rows) slot that the row's own key and value are written to
 * @param lengths (rows) tokens that the row sees, itself included: its index in the sequence + 1
 * @param stretches first row of each stretch, then the number of rows
 * @param blockTables (stretches) blocks of the sequence, in the order of its tokens; there may be more than are in use
 */
@SuppressWarnings("ArrayRecordComponent") // refilled for each step, read in place by the kernels
public record PagedRows(int[] slots, int[] lengths, int[] stretches, int[][] blockTables) implements StagedRows {

    public int rows() {
        return slots.length;
    }

    public int stretchCount() {
        return blockTables.length;
    }
}
