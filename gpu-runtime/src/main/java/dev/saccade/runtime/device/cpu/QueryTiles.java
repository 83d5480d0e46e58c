package dev.saccade.runtime.device.cpu;

import java.util.Arrays;

/** Ranges of rows cut into tiles: a tile's range, its first row and the row after its last. Reused from call to call. */
final class QueryTiles {

    private int[] ranges = new int[16];
    private int[] begins = new int[16];
    private int[] ends = new int[16];
    private int count;
    private int most;

    /**
     * Cuts every range on its own.
     *
     * @param boundaries first row of each range, then the number of rows
     * @param rows most rows of a tile
     */
    void cut(int[] boundaries, int rows) {
        count = 0;
        most = 0;
        for (int range = 0; range + 1 < boundaries.length; range++) {
            for (int row = boundaries[range]; row < boundaries[range + 1]; row += rows) {
                add(range, row, Math.min(row + rows, boundaries[range + 1]));
            }
        }
    }

    private void add(int range, int begin, int end) {
        if (count == ranges.length) {
            ranges = Arrays.copyOf(ranges, 2 * count);
            begins = Arrays.copyOf(begins, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        ranges[count] = range;
        begins[count] = begin;
        ends[count++] = end;
        most = Math.max(most, end - begin);
    }

    int count() {
        return count;
    }

    /** Rows of the largest tile. */
    int most() {
        return most;
    }

    int range(int tile) {
        return ranges[tile];
    }

    int begin(int tile) {
        return begins[tile];
    }

    int end(int tile) {
        return ends[tile];
    }
}
