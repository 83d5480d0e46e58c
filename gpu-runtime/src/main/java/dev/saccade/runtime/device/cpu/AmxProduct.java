package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.AmxKernels.SUMS_STRIDE;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_BYTES;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_INPUTS;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_ROWS;
import static dev.saccade.runtime.device.cpu.PackedMatrix.GROUP;
import static dev.saccade.runtime.device.cpu.PackedMatrix.GROUP_OUTPUTS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Any number of rows times bf16 weights by {@link AmxKernels}, which read the panels as they are, each once. Rows are
 * rounded to bf16 and laid out in tiles {@code (rows / 16, inputs / 32, 16, 32)}. One object serves all calls, so that a
 * step allocates nothing.
 */
final class AmxProduct {

    /** Most rows that are worked on together: a stretch of their tiles stays in the second-level cache. */
    private static final int MOST_ROWS = 512;

    private static final int BLOCK_ROWS = 2 * TILE_ROWS;

    /** Most steps of a stretch: two panels of it take 56 KiB, all rows 896 KiB. */
    private static final int STRETCH = 28;

    private final AmxKernels kernels;
    private final AmxCall[] calls; // (threads)
    private final MemorySegment[] sums; // (threads) float32 (rows, group's outputs)
    private final ComputePool.Body rounding = this::round;
    private final ComputePool.Body multiplying = this::multiply;

    private MemorySegment tiles = MemorySegment.NULL;
    private PackedMatrix weights = PackedMatrix.NONE;
    private float[] x = {};
    private int xFrom;
    private int rows;
    private float @Nullable [] bias;
    private float[] out = {};
    private int outFrom;

    AmxProduct(AmxKernels kernels, int threads, Arena arena) {
        this.kernels = kernels;
        this.calls = IntStream.range(0, threads)
                .mapToObj(thread -> new AmxCall(arena))
                .toArray(AmxCall[]::new);
        this.sums = IntStream.range(0, threads)
                .mapToObj(thread -> arena.allocate((long) MOST_ROWS * SUMS_STRIDE, 64))
                .toArray(MemorySegment[]::new);
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
        for (int row = 0; row < rows; row += MOST_ROWS) {
            this.rows = Math.min(MOST_ROWS, rows - row);
            this.xFrom = xFrom + row * inputs;
            this.outFrom = outFrom + row * weights.outputs();
            long bytes = Math.ceilDiv(this.rows, BLOCK_ROWS) * 2 * rowTilesBytes();
            if (tiles.byteSize() < bytes) {
                tiles = Arena.ofAuto().allocate(bytes, 64);
            }
            pool.loop(this.rows, 4L * inputs, rounding);
            pool.loop(weights.groups(), work(), multiplying);
        }
    }

    /** The unit multiplies many times faster than others add. */
    private long work() {
        return (long) Math.max(TILE_ROWS, rows) * weights.inputs() * GROUP_OUTPUTS / TILE_ROWS;
    }

    private int steps() {
        return Math.ceilDiv(weights.inputs(), TILE_INPUTS);
    }

    private long rowTilesBytes() {
        return (long) steps() * TILE_BYTES;
    }

    private void round(int worker, int from, int to) {
        int inputs = weights.inputs();
        for (int row = from; row < to; row++) {
            long at = row / TILE_ROWS * rowTilesBytes() + row % TILE_ROWS * 2L * TILE_INPUTS;
            Rounding.toTiles(x, xFrom + row * inputs, inputs, tiles, at);
        }
    }

    private void multiply(int worker, int from, int to) {
        AmxCall call = calls[worker];
        call.rowsOfTiles(0, 5, Math.min(rows, TILE_ROWS));
        for (int group = from; group < to; group++) {
            if (rows <= TILE_ROWS) {
                call.weights(weights.data().address() + weights.groupAt(group), weights.panelBytes());
                call.rows(tiles.address(), rowTilesBytes());
                call.sums(sums[worker].address());
                call.run(kernels.few(), steps(), 1);
            } else {
                blocks(call, group, sums[worker].address());
            }
            Sums.store(
                    sums[worker],
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

    private void blocks(AmxCall call, int group, long sums) {
        int blocks = Math.ceilDiv(rows, BLOCK_ROWS);
        int stretches = Math.ceilDiv(steps(), STRETCH);
        for (int stretch = 0; stretch < stretches; stretch++) {
            int step = (int) ((long) steps() * stretch / stretches);
            int count = (int) ((long) steps() * (stretch + 1) / stretches) - step;
            for (int panel = 0; panel < GROUP; panel += 2) {
                long at = weights.groupAt(group) + panel * weights.panelBytes() + (long) step * TILE_BYTES;
                call.weights(weights.data().address() + at, weights.panelBytes());
                call.rows(tiles.address() + (long) step * TILE_BYTES, rowTilesBytes());
                call.sums(sums + 4L * panel * PackedMatrix.PANEL);
                call.run(stretch == 0 ? kernels.firstStreamed() : kernels.moreStreamed(), count, 1);
                if (blocks > 1) {
                    call.run(stretch == 0 ? kernels.first() : kernels.more(), count, blocks - 1);
                }
            }
        }
    }
}
