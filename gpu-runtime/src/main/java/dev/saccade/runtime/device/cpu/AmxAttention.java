package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_BYTES;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_INPUTS;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_ROWS;
import static dev.saccade.runtime.device.cpu.AmxKernels.TILE_ROW_BYTES;
import static dev.saccade.runtime.device.cpu.AmxSegments.TOKENS;
import static dev.saccade.runtime.device.cpu.AmxSegments.VALUE_PANEL_BYTES;
import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import dev.saccade.runtime.device.Heads;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
        private final MemorySegment zeros;
        private final int width; // of a row of sums: the size rounded up
        private final float[] scores = new float[ROWS * TOKENS];
        private final float[] part; // (rows, width) weighted values of 64 tokens
        private final float[] sums; // (rows, width) of all tokens so far
        private final MemorySegment scoresMemory = MemorySegment.ofArray(scores);
        private final MemorySegment partMemory;
        private final float[] row; // a query, or weights
        private final float[] largest = new float[ROWS];
        private final float[] totals = new float[ROWS * PANEL];
        private final float[] factors = new float[ROWS];

        Scratch(int size) {
            this.size = size;
            this.steps = AmxSegments.steps(size);
            this.queries = arena.allocate(2L * steps * TILE_BYTES, 64);
            this.weights = arena.allocate(2L * VALUE_PANEL_BYTES, 64);
            this.width = 2 * steps * PANEL;
            this.part = new float[ROWS * width];
            this.sums = new float[ROWS * width];
            this.partMemory = MemorySegment.ofArray(part);
            this.zeros = arena.allocate(2L * TILE_ROW_BYTES, 64);
            this.row = new float[Math.max(size, TOKENS)];
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
                add(segments.values(segment, token, head), rows);
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
            Arrays.fill(sums, 0);
        }

        /** Scores of all queries with 64 tokens. */
        private void score(long keys) {
            for (int token = 0; token < TOKENS; token += 2 * PANEL) {
                call.weights(keys + token / PANEL * segments.keyPanelBytes(), segments.keyPanelBytes());
                call.rows(queries.address(), (long) steps * TILE_BYTES);
                call.begin(zeros.address(), 0);
                call.end(4L * token, 4L * TOKENS);
                call.run(kernels.cached(), steps, 1, scoresMemory);
            }
        }

        /** Turns a query's scores to weights relative to its largest so far. */
        private void weigh(int query, int tokens) {
            int at = query * TOKENS;
            Arrays.fill(scores, at + tokens, at + TOKENS, Float.NEGATIVE_INFINITY);
            float before = largest[query];
            FloatVector most = FloatVector.broadcast(FLOATS, before);
            for (int i = 0; i < TOKENS; i += WIDTH) {
                most = most.max(FloatVector.fromArray(FLOATS, scores, at + i));
            }
            float max = most.reduceLanes(VectorOperators.MAX);
            FloatVector factor = Lanes.exp(FloatVector.broadcast(FLOATS, before - max));
            FloatVector total =
                    FloatVector.fromArray(FLOATS, totals, query * PANEL).mul(factor);
            for (int i = 0; i < TOKENS; i += WIDTH) {
                FloatVector e =
                        Lanes.exp(FloatVector.fromArray(FLOATS, scores, at + i).sub(max));
                e.intoArray(scores, at + i);
                total = total.add(e);
            }
            total.intoArray(totals, query * PANEL);
            Arrays.fill(scores, at + tokens, at + TOKENS, 0); // e^-86 in the total is below its last place
            long to = (long) query / TILE_ROWS * VALUE_PANEL_BYTES + (long) query % TILE_ROWS * TILE_ROW_BYTES;
            Rounding.toTiles(scores, at, TOKENS, weights, to);
            largest[query] = max;
            factors[query] = factor.lane(0);
        }

        /** Adds the weighted values of 64 tokens to the sums of the queries. */
        private void add(long values, int rows) {
            for (int panel = 0; panel < 2 * steps; panel += 2) {
                call.weights(values + (long) panel * VALUE_PANEL_BYTES, VALUE_PANEL_BYTES);
                call.rows(weights.address(), VALUE_PANEL_BYTES);
                call.begin(zeros.address(), 0);
                call.end((long) panel * TILE_ROW_BYTES, 4L * width);
                call.run(kernels.cached(), TOKENS / TILE_INPUTS, 1, partMemory);
            }
            for (int query = 0; query < rows; query++) {
                float factor = factors[query];
                int end = (query + 1) * width;
                for (int i = query * width; i < end; i += WIDTH) {
                    FloatVector.fromArray(FLOATS, sums, i)
                            .mul(factor)
                            .add(FloatVector.fromArray(FLOATS, part, i))
                            .intoArray(sums, i);
                }
            }
        }

        private void store(int query, int to) {
            float factor = 1 / Lanes.sum(totals, query * PANEL);
            for (int i = 0; i < size; i++) {
                out.values()[to + i] = sums[query * width + i] * factor;
            }
        }
    }
}
