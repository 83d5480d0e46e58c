package dev.saccade.runtime.device;

/**
 * For each row of a step, where its key and value go and what it attends to. Rows of one sequence share their block
 * table.
 *
 * @param slots slot that the row's own key and value are written to
 * @param blockTables blocks of the row's sequence, in the order of its tokens
 * @param lengths tokens that the row sees, itself included: its index in the sequence + 1
 */
@SuppressWarnings("ArrayRecordComponent") // rebuilt for each step, read in place by the kernels
public record PagedRows(int[] slots, int[][] blockTables, int[] lengths) {

    public int rows() {
        return slots.length;
    }
}
