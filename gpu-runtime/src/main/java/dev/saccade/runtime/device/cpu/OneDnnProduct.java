package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.PackedMatrix.GROUP_OUTPUTS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Many rows times bf16 weights by oneDNN, which reads the panels as they are. Rows are rounded to bf16 and computed in
 * blocks, the last one filled up with zeros. oneDNN may sum in an order that depends on a block's size, so a smaller size
 * is used for the rest only where {@link OneDnnAgreement} found that it gives the same bits.
 */
final class OneDnnProduct {

    static final int BLOCK_ROWS = 64;
    static final int SMALL_BLOCK_ROWS = 16;

    /** Outputs of one share of a product. */
    static final int SLICE = 4 * GROUP_OUTPUTS;

    private final OneDnn oneDnn;
    private final Arena arena;
    private final OneDnnAgreement agreement;
    private final List<Map<OneDnnPlan.Shape, OneDnnPlan>> plans; // (threads)
    private final MemorySegment[] results; // (threads) float32 (rows of a block, outputs of a slice)
    private final ComputePool.Body rounding = this::round;
    private final ComputePool.Body multiplying = this::multiply;

    private MemorySegment rounded = MemorySegment.NULL; // bf16 (rows, inputs)
    private PackedMatrix weights = PackedMatrix.NONE;
    private float[] x = {};
    private int xFrom;
    private int rows;
    private int padded;
    private int lastBlock;
    private float @Nullable [] bias;
    private float[] out = {};
    private int outFrom;

    /** @param arena memory of the plans */
    OneDnnProduct(OneDnn oneDnn, int threads, Arena arena) {
        this.oneDnn = oneDnn;
        this.arena = arena;
        this.agreement = new OneDnnAgreement(this::plan);
        this.plans = IntStream.range(0, threads)
                .<Map<OneDnnPlan.Shape, OneDnnPlan>>mapToObj(thread -> new HashMap<>())
                .toList();
        this.results = new MemorySegment[threads];
        for (int thread = 0; thread < threads; thread++) {
            results[thread] = arena.allocate(4L * BLOCK_ROWS * SLICE, 64);
        }
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
        int inputs = weights.inputs();
        int rest = rows % BLOCK_ROWS;
        lastBlock = rest > 0 && agreement.of(weights) ? SMALL_BLOCK_ROWS : BLOCK_ROWS;
        padded = rows - rest + Math.ceilDiv(rest, lastBlock) * lastBlock;
        if (rounded.byteSize() < 2L * padded * inputs) {
            rounded = Arena.ofAuto().allocate(2L * padded * inputs, 64);
        }
        pool.loop(padded, 4L * inputs, rounding);
        pool.loop(Math.ceilDiv(weights.outputs(), SLICE), (long) rows * inputs * SLICE, multiplying);
    }

    private void round(int worker, int from, int to) {
        int inputs = weights.inputs();
        for (int row = from; row < to; row++) {
            long at = 2L * row * inputs;
            if (row < rows) {
                Rounding.toBfloat16(x, xFrom + row * inputs, inputs, rounded, at);
            } else {
                rounded.asSlice(at, 2L * inputs).fill((byte) 0);
            }
        }
    }

    private void multiply(int worker, int from, int to) {
        int inputs = weights.inputs();
        MemorySegment result = results[worker];
        for (int slice = from; slice < to; slice++) {
            int column = slice * SLICE;
            int count = Math.min(SLICE, weights.outputs() - column);
            MemorySegment panels = weights.data().asSlice(weights.groupAt(column / GROUP_OUTPUTS));
            for (int row = 0; row < rows; ) {
                int block = padded - row >= BLOCK_ROWS ? BLOCK_ROWS : lastBlock;
                OneDnnPlan.Shape shape = new OneDnnPlan.Shape(block, inputs, count, OneDnnPlan.Weights.PANELS);
                OneDnnPlan plan = plans.get(worker).computeIfAbsent(shape, this::plan);
                plan.run(rounded.asSlice(2L * row * inputs), panels, result);
                Sums.store(
                        result,
                        count,
                        Math.min(block, rows - row),
                        count,
                        bias,
                        column,
                        out,
                        outFrom + row * weights.outputs() + column,
                        weights.outputs());
                row += block;
            }
        }
    }

    private OneDnnPlan plan(OneDnnPlan.Shape shape) {
        synchronized (arena) {
            return new OneDnnPlan(oneDnn, shape, arena);
        }
    }
}
