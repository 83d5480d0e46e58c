package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;
import static dev.saccade.runtime.device.cpu.PackedMatrix.GROUP;
import static dev.saccade.runtime.device.cpu.PackedMatrix.GROUP_OUTPUTS;
import static dev.saccade.runtime.device.cpu.PackedMatrix.PANEL;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Few rows times bf16 weights, which come from memory once: a group of panels is read in stretches that stay in the
 * second-level cache until all tiles of rows have used them. One object serves all calls, so that a step allocates
 * nothing.
 */
final class StreamedProduct implements ComputePool.Body {

    /** Most rows that are worth multiplying like this. */
    static final int MOST_ROWS = 40;

    private static final int TILE = 8;

    /** Input pairs of a stretch: four panels of it take 128 KiB. */
    private static final int STRETCH = 512;

    private final float[][] sums; // (threads) (rows, group's outputs)

    private PackedMatrix weights = PackedMatrix.NONE;
    private float[] x = {};
    private int xFrom;
    private int rows;
    private float @Nullable [] bias;
    private float[] out = {};
    private int outFrom;

    StreamedProduct(int threads) {
        sums = new float[threads][MOST_ROWS * GROUP_OUTPUTS];
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
        this.xFrom = xFrom;
        this.rows = rows;
        this.bias = bias;
        this.out = out;
        this.outFrom = outFrom;
        pool.loop(weights.groups(), (long) rows * weights.inputs() * GROUP_OUTPUTS, this);
    }

    @Override
    public void run(int worker, int from, int to) {
        float[] own = sums[worker];
        for (int group = from; group < to; group++) {
            Arrays.fill(own, 0, Math.ceilDiv(rows, TILE) * TILE * GROUP_OUTPUTS, 0);
            multiply(weights.groupAt(group), own);
            Sums.store(
                    own,
                    0,
                    GROUP_OUTPUTS,
                    rows,
                    weights.outputsOf(group),
                    bias,
                    group * GROUP_OUTPUTS,
                    out,
                    outFrom + group * GROUP_OUTPUTS,
                    weights.outputs());
        }
    }

    private void multiply(long group, float[] own) {
        int inputs = weights.inputs();
        int pairs = inputs / 2;
        int stretch = rows <= TILE ? pairs : STRETCH;
        for (int pair = 0; pair < pairs; pair += stretch) {
            int end = Math.min(pairs, pair + stretch);
            for (int row = 0; row < rows; row += TILE) {
                for (int column = 0; column < PANEL; column += WIDTH) {
                    tile(group + 4L * column, pair, end, row, own, row * GROUP_OUTPUTS + column);
                }
            }
        }
        if (inputs % 2 == 1) {
            for (int row = 0; row < rows; row++) {
                float last = x[xFrom + row * inputs + inputs - 1];
                for (int column = 0; column < PANEL; column += WIDTH) {
                    DecodeKernels.lastInput(
                            weights.data(),
                            group + 4L * column,
                            weights.panelBytes(),
                            GROUP,
                            pairs,
                            last,
                            own,
                            row * GROUP_OUTPUTS + column);
                }
            }
        }
    }

    /** Up to eight rows; a kernel of more rows than there are gets the last one again, and its sums are dropped. */
    private void tile(long at, int from, int to, int row, float[] own, int sum) {
        MemorySegment data = weights.data();
        long panel = weights.panelBytes();
        int last = Math.min(rows - row, TILE) - 1;
        int x0 = xFrom + row * weights.inputs();
        int next = weights.inputs();
        int end = x0 + last * next;
        if (last == 0) {
            DecodeKernels.rows1(data, at, panel, from, to, x, x0, own, sum);
        } else if (last == 1) {
            DecodeKernels.rows2(data, at, panel, from, to, x, x0, end, own, sum);
        } else if (last < 4) {
            DecodeKernels.rows4(data, at, panel, from, to, x, x0, x0 + next, x0 + 2 * next, end, own, sum);
        } else {
            int x5 = Math.min(end, x0 + 5 * next);
            int x6 = Math.min(end, x0 + 6 * next);
            for (int half = 0; half < GROUP; half += 2) {
                DecodeKernels.rows8(
                        data,
                        at + half * panel,
                        panel,
                        from,
                        to,
                        x,
                        x0,
                        x0 + next,
                        x0 + 2 * next,
                        x0 + 3 * next,
                        x0 + 4 * next,
                        x5,
                        x6,
                        end,
                        own,
                        sum + half * PANEL);
            }
        }
    }
}
