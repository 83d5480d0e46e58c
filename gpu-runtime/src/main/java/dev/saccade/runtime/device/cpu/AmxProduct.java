package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_BYTES;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_INPUTS;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_ROWS;
import static dev.saccade.runtime.device.cpu.PackedMatrix.GROUP;
import static dev.saccade.runtime.device.cpu.PackedMatrix.GROUP_OUTPUTS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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

    private static final long SUMS_STRIDE = 4L * GROUP_OUTPUTS;

    private final AmxKernels kernels;
    private final AmxCall[] calls; // (threads)
    private final MemorySegment[] sums; // (threads) float32 (rows, group's outputs), then what a row begins with
    private final ComputePool.Body rounding = this::round;
    private final ComputePool.Body multiplying = this::multiply;

    private MemorySegment tiles = MemorySegment.NULL;
    private PackedMatrix weights = PackedMatrix.NONE;
    private float[] x = {};
    private int xFrom;
    private int rows;
    private float @Nullable [] bias;
    private float[] out = {};
    private MemorySegment outMemory = MemorySegment.NULL;
    private int outFrom;

    AmxProduct(AmxKernels kernels, int threads, Arena arena) {
        this.kernels = kernels;
        this.calls = IntStream.range(0, threads)
                .mapToObj(thread -> new AmxCall(arena))
                .toArray(AmxCall[]::new);
        this.sums = IntStream.range(0, threads)
                .mapToObj(thread -> arena.allocate((MOST_ROWS + 1) * SUMS_STRIDE, 64))
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
        if (this.out != out) {
            this.out = out;
            this.outMemory = MemorySegment.ofArray(out);
        }
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
        MemorySegment own = sums[worker];
        for (int group = from; group < to; group++) {
            begin(group, own);
            int column = outFrom + group * GROUP_OUTPUTS;
            if (weights.outputsOf(group) == GROUP_OUTPUTS) {
                multiply(call, group, own, outMemory, 4L * column, 4L * weights.outputs());
            } else {
                multiply(call, group, own, own, 0, SUMS_STRIDE);
                Sums.store(own, GROUP_OUTPUTS, rows, weights.outputsOf(group), null, 0, out, column, weights.outputs());
            }
        }
    }

    /** What each row of a group's sums begins with. */
    private void begin(int group, MemorySegment own) {
        int first = group * GROUP_OUTPUTS;
        int count = bias == null ? 0 : weights.outputsOf(group);
        if (bias != null) {
            MemorySegment.copy(bias, first, own, ValueLayout.JAVA_FLOAT, MOST_ROWS * SUMS_STRIDE, count);
        }
        for (int i = count; i < GROUP_OUTPUTS; i++) {
            own.set(ValueLayout.JAVA_FLOAT, MOST_ROWS * SUMS_STRIDE + 4L * i, 0);
        }
    }

    /** All rows of a group: whole blocks, then up to 31 more. */
    private void multiply(AmxCall call, int group, MemorySegment own, MemorySegment target, long end, long stride) {
        int blocks = rows / BLOCK_ROWS;
        int more = rows % BLOCK_ROWS;
        if (blocks > 0) {
            call.heights(TILE_ROWS, TILE_ROWS);
            blocks(call, group, own, 0, blocks, target, end, stride);
        }
        int row = blocks * BLOCK_ROWS;
        if (more > TILE_ROWS) {
            call.heights(TILE_ROWS, more - TILE_ROWS);
            blocks(call, group, own, row, 1, target, end, stride);
        } else if (more > 0) {
            call.height(more);
            call.weights(weights.data().address() + weights.groupAt(group), weights.panelBytes());
            call.rows(tiles.address() + row / TILE_ROWS * rowTilesBytes(), rowTilesBytes());
            call.begin(own.address() + MOST_ROWS * SUMS_STRIDE, 0);
            call.end(end + row * stride, stride);
            call.run(kernels.few(), steps(), 1, target);
        }
    }

    private void blocks(
            AmxCall call,
            int group,
            MemorySegment own,
            int row,
            int blocks,
            MemorySegment target,
            long end,
            long stride) {
        int stretches = Math.ceilDiv(steps(), STRETCH);
        for (int stretch = 0; stretch < stretches; stretch++) {
            int step = (int) ((long) steps() * stretch / stretches);
            int count = (int) ((long) steps() * (stretch + 1) / stretches) - step;
            boolean last = stretch == stretches - 1;
            for (int panel = 0; panel < GROUP; panel += 2) {
                long at = weights.groupAt(group) + panel * weights.panelBytes() + (long) step * TILE_BYTES;
                long column = 4L * panel * PackedMatrix.PANEL;
                long sums = row * SUMS_STRIDE + column;
                call.weights(weights.data().address() + at, weights.panelBytes());
                call.rows(
                        tiles.address() + row / TILE_ROWS * rowTilesBytes() + (long) step * TILE_BYTES,
                        rowTilesBytes());
                if (stretch == 0) {
                    call.begin(own.address() + MOST_ROWS * SUMS_STRIDE + column, 0);
                } else {
                    call.begin(own.address() + sums, SUMS_STRIDE);
                }
                if (last) {
                    call.end(end + row * stride + column, stride);
                } else {
                    call.end(sums, SUMS_STRIDE);
                }
                MemorySegment memory = last ? target : own;
                call.run(kernels.streamed(), count, 1, memory);
                if (blocks > 1) {
                    call.run(kernels.cached(), count, blocks - 1, memory);
                }
            }
        }
    }
}
