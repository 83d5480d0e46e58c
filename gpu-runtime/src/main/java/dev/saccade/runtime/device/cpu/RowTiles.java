package dev.saccade.runtime.device.cpu;

/**
 * How rows are divided into tiles for {@link TileKernels}: as many of the highest kind as there are, then one that holds
 * the rest, filled up with zeros.
 */
final class RowTiles {

    /** 12 x 2 sums and what feeds them fill the 32 registers of AVX-512, 4 x 2 the 16 of AVX2. */
    private static final int[] HEIGHTS = Lanes.WIDTH == 16 ? new int[] {1, 4, 8, 12} : new int[] {1, 4};

    private static final int HIGHEST = HEIGHTS[HEIGHTS.length - 1];

    private RowTiles() {}

    /** Height of the tile that begins {@code left} rows before the end. */
    static int height(int left) {
        for (int height : HEIGHTS) {
            if (left <= height) {
                return height;
            }
        }
        return HIGHEST;
    }

    /** Rows of all tiles together, the added ones included. */
    static int padded(int rows) {
        int whole = rows - rows % HIGHEST;
        return whole == rows ? rows : whole + height(rows - whole);
    }

    /** Lays the rows of one tile side by side: {@code to[k * height + r] = from[r * inputs + k]}. */
    static void interleave(float[] from, int at, int rows, int inputs, float[] to, int target, int height) {
        for (int block = 0; block < inputs; block += 64) { // what is written stays in the first-level cache
            int end = Math.min(inputs, block + 64);
            for (int r = 0; r < height; r++) {
                if (r < rows) {
                    for (int k = block; k < end; k++) {
                        to[target + k * height + r] = from[at + r * inputs + k];
                    }
                } else {
                    for (int k = block; k < end; k++) {
                        to[target + k * height + r] = 0;
                    }
                }
            }
        }
    }
}
