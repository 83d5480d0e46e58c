package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;
import static dev.saccade.runtime.device.cpu.PackedMatrix.GROUP_OUTPUTS;
import static dev.saccade.runtime.device.cpu.TileKernels.COLUMNS;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Many rows times weights, blocked for the caches: of a group's outputs, a stretch of the inputs is widened to a float32
 * tile that stays in the first-level cache while all tiles of rows pass over it; the rows' own stretch stays in the
 * second-level cache. Sums rest in memory between stretches, which changes no bit of them.
 */
final class BlockedProduct {

    /** Most rows that are worked on together: their stretch takes 384 KiB, their sums of a group 96 KiB. */
    private static final int BLOCK_ROWS = 384;

    /** Inputs of a stretch: a tile of weights takes 32 KiB. */
    private static final int STRETCH = 256;

    private final float[][] sums; // (threads) (rows, group's outputs)
    private final float[][] tiles; // (threads) (inputs of a stretch, 32)
    private final ComputePool.Body interleaving = this::interleave;
    private final ComputePool.Body multiplying = this::multiply;

    private float[] sideBySide = {}; // (tiles) (inputs, rows of the tile)
    private PackedMatrix weights = PackedMatrix.NONE;
    private float[] x = {};
    private int xFrom;
    private int rows;
    private float @Nullable [] bias;
    private float[] out = {};
    private int outFrom;

    BlockedProduct(int threads) {
        sums = new float[threads][];
        tiles = new float[threads][];
    }

    void run(
            ComputePool pool,
            PackedMatrix weights,
            float[] x,
            int xFrom,
            int rows,
            float @Nullable [] bias,
            float[] out,
            int outFrom) {
        this.weights = weights;
        this.x = x;
        this.bias = bias;
        this.out = out;
        int inputs = weights.inputs();
        int tileRows = RowTiles.height(BLOCK_ROWS);
        int block = evenBlock(rows, tileRows);
        for (int row = 0; row < rows; row += block) {
            this.rows = Math.min(block, rows - row);
            this.xFrom = xFrom + row * inputs;
            this.outFrom = outFrom + row * weights.outputs();
            int size = RowTiles.padded(this.rows) * inputs;
            if (sideBySide.length < size) {
                sideBySide = new float[size];
            }
            pool.loop(Math.ceilDiv(this.rows, tileRows), (long) tileRows * inputs, interleaving);
            pool.loop(weights.groups(), (long) this.rows * inputs * GROUP_OUTPUTS, multiplying);
        }
    }

    /** Whole tiles, all blocks about equal: a small last one would widen the weights for a few rows. */
    private static int evenBlock(int rows, int tileRows) {
        int blocks = Math.ceilDiv(rows, BLOCK_ROWS);
        return Math.ceilDiv(Math.ceilDiv(rows, blocks), tileRows) * tileRows;
    }

    private void interleave(int worker, int from, int to) {
        int inputs = weights.inputs();
        int step = RowTiles.height(BLOCK_ROWS);
        for (int row = from * step; row < Math.min(rows, to * step); row += step) {
            int height = RowTiles.height(rows - row);
            int real = Math.min(height, rows - row);
            RowTiles.interleave(x, xFrom + row * inputs, real, inputs, sideBySide, row * inputs, height);
        }
    }

    private void multiply(int worker, int from, int to) {
        int padded = RowTiles.padded(rows);
        if (sums[worker] == null) {
            sums[worker] = new float[GROUP_OUTPUTS * RowTiles.padded(BLOCK_ROWS)];
            tiles[worker] = new float[STRETCH * COLUMNS];
        }
        float[] own = sums[worker];
        int outputs = weights.outputs();
        for (int group = from; group < to; group++) {
            Arrays.fill(own, 0, padded * GROUP_OUTPUTS, 0);
            for (int first = 0; first < weights.inputs(); first += STRETCH) {
                int count = Math.min(STRETCH, weights.inputs() - first);
                for (int pair = 0; pair < GROUP_OUTPUTS / COLUMNS; pair++) {
                    stretch(
                            weights.groupAt(group) + 2 * pair * weights.panelBytes(),
                            first,
                            count,
                            own,
                            pair * COLUMNS,
                            tiles[worker]);
                }
            }
            int column = group * GROUP_OUTPUTS;
            int real = weights.outputsOf(group);
            Sums.store(own, 0, GROUP_OUTPUTS, rows, real, bias, column, out, outFrom + column, outputs);
        }
    }

    private void stretch(long panel, int first, int count, float[] own, int sum, float[] tile) {
        Widening.twoPanels(weights, panel, first, count, tile);
        for (int row = 0; row < rows; ) {
            int height = RowTiles.height(rows - row);
            int at = row * weights.inputs() + first * height;
            for (int column = 0; column < COLUMNS; column += 2 * WIDTH) {
                rows(height, tile, count, column, at, own, sum + row * GROUP_OUTPUTS);
            }
            row += height;
        }
    }

    private void rows(int height, float[] tile, int count, int column, int at, float[] own, int sum) {
        switch (height) {
            case 1 -> TileKernels.rows1(tile, count, column, sideBySide, at, own, sum);
            case 4 -> TileKernels.rows4(tile, count, column, sideBySide, at, own, sum);
            case 8 -> TileKernels.rows8(tile, count, column, sideBySide, at, own, sum);
            case 12 -> TileKernels.rows12(tile, count, column, sideBySide, at, own, sum);
            default -> throw new IllegalArgumentException("no kernel for " + height + " rows");
        }
    }
}
