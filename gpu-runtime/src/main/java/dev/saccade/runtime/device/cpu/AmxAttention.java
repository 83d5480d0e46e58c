package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_BYTES;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_INPUTS;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_ROWS;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_ROW_BYTES;
import static dev.saccade.runtime.device.cpu.AmxSegments.TOKENS;
import static dev.saccade.runtime.device.cpu.AmxSegments.VALUE_PANEL_BYTES;
import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.ORDER;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import dev.saccade.runtime.device.Heads;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * {@link SegmentAttention} by AMX, for heads that each have keys and values of their own: queries, keys, values and the
 * softmax's weights are rounded to bf16, sums are float32. The online softmax is that of Milakov and Gimelshein (arXiv
 * 1805.02867), over stretches of 64 tokens; a query's bits depend on its segment alone.
 */
final class AmxAttention {

    private static final int ROWS = 2 * TILE_ROWS;
    private static final int PANEL = 16;

    private final AmxKernels kernels;
    private final ComputePool pool;
    private final Arena arena;
    private final AmxSegments segments = new AmxSegments();
    private final QueryTiles blocks = new QueryTiles();
    private final @Nullable Scratch[] scratch; // one for each thread
    private final ComputePool.Body layingOut = this::layOut;
    private final ComputePool.Body attending = this::attend;

    private CpuBuffer qkv = new CpuBuffer(new float[0]);
    private CpuBuffer out = qkv;
    private Heads heads = new Heads(1, 1, 1);
    private int[] boundaries = {};

    AmxAttention(AmxKernels kernels, ComputePool pool, Arena arena) {
        this.kernels = kernels;
        this.pool = pool;
        this.arena = arena;
        this.scratch = new Scratch[pool.threads()];
    }

    /** @param boundaries first row of each segment, then the number of rows */
    void attend(CpuBuffer qkv, Heads heads, int[] boundaries, CpuBuffer out) {
        this.qkv = qkv;
        this.heads = heads;
        this.boundaries = boundaries;
        this.out = out;
        segments.begin(qkv, heads, boundaries);
        blocks.cut(boundaries, ROWS);
        pool.loop(segments.items(), 2L * TOKENS * heads.size(), layingOut);
        int rows = boundaries[boundaries.length - 1];
        long perItem = (long) rows / Math.max(1, boundaries.length - 1) * ROWS * heads.size() / 8;
        pool.loop(blocks.count() * heads.query(), perItem, attending);
    }

    private void layOut(int worker, int from, int to) {
        for (int item = from; item < to; item++) {
            segments.layOut(item);
        }
    }

    private void attend(int worker, int from, int to) {
        Scratch own = scratch[worker];
        if (own == null || own.size != heads.size()) {
            own = new Scratch(heads.size());
            scratch[worker] = own;
        }
        for (int item = from; item < to; item++) {
            own.attend(item / heads.query(), item % heads.query());
        }
    }

    /** What one thread has of its block of queries. */
    private final class Scratch {
        private final int size;
        private final int steps;
        private final AmxCall call = new AmxCall(arena);
        private final MemorySegment queries; // bf16 tiles
        private final MemorySegment weights; // bf16 tiles (2, tokens / 32, 16, 32)
        private final MemorySegment scores; // float32 (rows, tokens)
        private final MemorySegment sums; // float32 (rows, size rounded up)
        private final MemorySegment zeros;
        private final float[] row; // a query, or weights
        private final float[] largest = new float[ROWS];
        private final float[] totals = new float[ROWS * PANEL];

        Scratch(int size) {
            this.size = size;
            this.steps = AmxSegments.steps(size);
            this.queries = arena.allocate(2L * steps * TILE_BYTES, 64);
            this.weights = arena.allocate(2L * VALUE_PANEL_BYTES, 64);
            this.scores = arena.allocate(4L * ROWS * TOKENS, 64);
            this.sums = arena.allocate(ROWS * sumsStride(), 64);
            this.zeros = arena.allocate(2L * TILE_ROW_BYTES, 64);
            this.row = new float[Math.max(size, TOKENS)];
        }

        private long sumsStride() {
            return 2L * steps * TILE_ROW_BYTES;
        }

        void attend(int block, int head) {
            int first = blocks.begin(block);
            int rows = blocks.end(block) - first;
            int segment = blocks.range(block);
            int length = boundaries[segment + 1] - boundaries[segment];
            begin(first, rows, head);
            for (int token = 0; token < length; token += TOKENS) {
                score(segments.keys(segment, token, head));
                for (int i = 0; i < rows; i++) {
                    weigh(i, Math.min(TOKENS, length - token));
                }
                add(segments.values(segment, token, head));
            }
            for (int i = 0; i < rows; i++) {
                store(i, out.offset() + (first + i) * heads.queryWidth() + head * size);
            }
        }

        private void begin(int first, int rows, int head) {
            float scale = (float) (1 / Math.sqrt(size));
            for (int i = 0; i < rows; i++) {
                int at = qkv.offset() + (first + i) * heads.rowWidth() + head * size;
                for (int j = 0; j < size; j++) {
                    row[j] = qkv.values()[at + j] * scale;
                }
                long to = (long) i / TILE_ROWS * steps * TILE_BYTES + (long) i % TILE_ROWS * TILE_ROW_BYTES;
                Rounding.toTiles(row, 0, size, queries, to);
            }
            Arrays.fill(largest, Float.NEGATIVE_INFINITY);
            Arrays.fill(totals, 0);
            sums.fill((byte) 0);
        }

        /** Scores of all queries with 64 tokens. */
        private void score(long keys) {
            for (int token = 0; token < TOKENS; token += 2 * PANEL) {
                call.weights(keys + token / PANEL * segments.keyPanelBytes(), segments.keyPanelBytes());
                call.rows(queries.address(), (long) steps * TILE_BYTES);
                call.begin(zeros.address(), 0);
                call.end(4L * token, 4L * TOKENS);
                call.run(kernels.cached(), steps, 1, scores);
            }
        }

        /** Turns a query's scores to weights relative to its largest so far, and what it has summed with them. */
        private void weigh(int query, int tokens) {
            long at = 4L * query * TOKENS;
            for (int i = tokens; i < TOKENS; i++) {
                scores.set(ValueLayout.JAVA_FLOAT, at + 4L * i, Float.NEGATIVE_INFINITY);
            }
            float before = largest[query];
            FloatVector most = FloatVector.broadcast(FLOATS, before);
            for (int i = 0; i < TOKENS; i += WIDTH) {
                most = most.max(FloatVector.fromMemorySegment(FLOATS, scores, at + 4L * i, ORDER));
            }
            float max = most.reduceLanes(VectorOperators.MAX);
            FloatVector factor = Lanes.exp(FloatVector.broadcast(FLOATS, before - max));
            FloatVector total =
                    FloatVector.fromArray(FLOATS, totals, query * PANEL).mul(factor);
            for (int i = 0; i < TOKENS; i += WIDTH) {
                FloatVector e = Lanes.exp(FloatVector.fromMemorySegment(FLOATS, scores, at + 4L * i, ORDER)
                        .sub(max));
                e.intoArray(row, i);
                total = total.add(e);
            }
            total.intoArray(totals, query * PANEL);
            Arrays.fill(row, tokens, TOKENS, 0); // e^-86 in the total is below its last place
            long to = (long) query / TILE_ROWS * VALUE_PANEL_BYTES + (long) query % TILE_ROWS * TILE_ROW_BYTES;
            Rounding.toTiles(row, 0, TOKENS, weights, to);
            if (max > before) {
                largest[query] = max;
                scale(query, factor);
            }
        }

        private void scale(int query, FloatVector factor) {
            long at = query * sumsStride();
            for (int i = 0; i < size; i += WIDTH) {
                FloatVector.fromMemorySegment(FLOATS, sums, at + 4L * i, ORDER)
                        .mul(factor)
                        .intoMemorySegment(sums, at + 4L * i, ORDER);
            }
        }

        /** Adds the weighted values of 64 tokens to the sums of all queries. */
        private void add(long values) {
            for (int panel = 0; panel < 2 * steps; panel += 2) {
                long column = (long) panel * TILE_ROW_BYTES;
                call.weights(values + (long) panel * VALUE_PANEL_BYTES, VALUE_PANEL_BYTES);
                call.rows(weights.address(), VALUE_PANEL_BYTES);
                call.begin(sums.address() + column, sumsStride());
                call.end(column, sumsStride());
                call.run(kernels.cached(), TOKENS / TILE_INPUTS, 1, sums);
            }
        }

        private void store(int query, int to) {
            float factor = 1 / Lanes.sum(totals, query * PANEL);
            MemorySegment.copy(sums, ValueLayout.JAVA_FLOAT, query * sumsStride(), out.values(), to, size);
            for (int i = 0; i < size; i++) {
                out.values()[to + i] *= factor;
            }
        }
    }
}
