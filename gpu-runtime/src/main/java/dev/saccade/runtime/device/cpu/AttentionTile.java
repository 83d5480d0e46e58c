package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Some queries of one head of keys and values, and what they have summed so far: the online softmax of Milakov and
 * Gimelshein (arXiv 1805.02867), over tiles of {@link #TOKENS} tokens. Belongs to one thread.
 *
 * <p>A query's bits depend only on the query and on where the tiles and spans begin: its sums run over the tokens in
 * order, and a token that it doesn't see adds nothing. A span of tokens is summed by itself and merged with those before
 * it, so that spans may as well be summed by different threads.
 */
final class AttentionTile {

    static final int TOKENS = AttentionKernels.STRIDE;

    /** Values of a head in one panel of {@link #values}. */
    static final int PANEL = AttentionKernels.STRIDE;

    /** A state begins with the largest score and, from here on, its lanes' sums of exponentials. */
    private static final int SUMS = 16;

    /** Where a state's sums of values begin. */
    private static final int RESULT = 2 * SUMS;

    final float[] keys; // (size, 64 tokens)
    final float[] values; // (panels, 64 tokens, 64)

    private final int size;
    private final int capacity;
    private final int stride; // of a state
    private final float[] queries; // (capacity, size), scaled
    private final int[] visible; // (capacity) tokens that a query sees
    private final float[] weights = new float[AttentionKernels.ROWS * TOKENS];
    private final float[] factors = new float[AttentionKernels.ROWS];
    private final float[] span; // (capacity) states of the span that is being summed
    private final float[] total; // (capacity) states of the spans before it
    private int count;
    private int merged; // spans that are in the total

    AttentionTile(int size, int capacity) {
        this.size = size;
        this.capacity = roundUp(capacity, AttentionKernels.ROWS);
        this.stride = stateFloats(size);
        this.keys = new float[size * TOKENS];
        this.values = new float[roundUp(size, PANEL) * TOKENS];
        this.queries = new float[this.capacity * size];
        this.visible = new int[this.capacity];
        this.span = new float[this.capacity * stride];
        this.total = new float[this.capacity * stride];
    }

    /** Values of a query's state. */
    static int stateFloats(int size) {
        return RESULT + roundUp(size, PANEL);
    }

    private static int roundUp(int number, int multiple) {
        return (number + multiple - 1) / multiple * multiple;
    }

    boolean fits(int size, int queries) {
        return this.size == size && queries <= capacity;
    }

    /** Forgets all queries. */
    void clear() {
        count = 0;
        merged = 0;
    }

    /** Adds a query that sees the first {@code tokens} tokens. */
    void addQuery(float[] x, int at, float scale, int tokens) {
        int to = count * size;
        for (int i = 0; i < size; i++) {
            queries[to + i] = x[at + i] * scale;
        }
        visible[count++] = tokens;
    }

    /**
     * Lays out a tile's keys and values from rows in float32.
     *
     * @param keyAt where the first token's key begins in {@code x}, {@code valueAt} its value
     * @param rowWidth values from one token to the next
     */
    void layOut(float[] x, int keyAt, int valueAt, int rowWidth, int tokens) {
        for (int token = 0; token < tokens; token++) {
            int from = keyAt + token * rowWidth;
            for (int i = 0; i < size; i++) {
                keys[i * TOKENS + token] = x[from + i];
            }
        }
        for (int from = 0; from < size; from += PANEL) {
            int width = Math.min(PANEL, size - from);
            for (int token = 0; token < tokens; token++) {
                int to = (from + token) * PANEL; // a panel is as wide as it is long
                System.arraycopy(x, valueAt + token * rowWidth + from, values, to, width);
            }
        }
    }

    /** Begins a span, after all queries have been added. */
    void beginSpan() {
        for (int query = count; query % AttentionKernels.ROWS != 0; query++) {
            visible[query] = 0; // the rest of a quad: computed, but not looked at
        }
        Arrays.fill(span, 0, roundUp(count, AttentionKernels.ROWS) * stride, 0);
        for (int query = 0; query < count; query++) {
            span[query * stride] = Float.NEGATIVE_INFINITY;
        }
    }

    /** Sums the tile whose keys and values are laid out now. */
    void attend(int firstToken) {
        for (int query = 0; query < count; query += AttentionKernels.ROWS) {
            int seen = 0;
            for (int i = query; i < query + AttentionKernels.ROWS; i++) {
                seen = Math.max(seen, visible[i] - firstToken);
            }
            if (seen > 0) {
                attend(query, firstToken, Math.min(seen, TOKENS));
            }
        }
    }

    private void attend(int query, int firstToken, int seen) {
        Arrays.fill(weights, 0);
        Arrays.fill(factors, 1);
        AttentionKernels.multiply(queries, query * size, size, size, keys, 0, seen, weights, 0, TOKENS, factors);
        for (int i = 0; i < AttentionKernels.ROWS; i++) {
            int tokens = Math.min(visible[query + i] - firstToken, TOKENS);
            if (tokens > 0) {
                factors[i] = softmax(i * TOKENS, tokens, seen, (query + i) * stride);
            } else {
                factors[i] = 1;
                Arrays.fill(weights, i * TOKENS, i * TOKENS + seen, 0);
            }
        }
        for (int from = 0; from < size; from += PANEL) {
            AttentionKernels.multiply(
                    weights,
                    0,
                    TOKENS,
                    seen,
                    values,
                    from * TOKENS,
                    Math.min(PANEL, size - from),
                    span,
                    query * stride + RESULT + from,
                    stride,
                    factors);
        }
    }

    /**
     * Replaces a row of scores by exponentials relative to the largest so far.
     *
     * @param tokens scores that count, of {@code seen} that are read
     * @return what the sums so far are to be multiplied with
     */
    private float softmax(int at, int tokens, int seen, int state) {
        FloatVector largest = FloatVector.broadcast(FLOATS, span[state]);
        int full = FLOATS.loopBound(tokens);
        int i = 0;
        for (; i < full; i += WIDTH) {
            largest = largest.max(FloatVector.fromArray(FLOATS, weights, at + i));
        }
        VectorMask<Float> rest = FLOATS.indexInRange(full, tokens);
        if (full < tokens) {
            largest = largest.lanewise(VectorOperators.MAX, FloatVector.fromArray(FLOATS, weights, at + full), rest);
        }
        float before = span[state];
        float max = largest.reduceLanes(VectorOperators.MAX);
        FloatVector factor = Lanes.exp(FloatVector.broadcast(FLOATS, before - max));
        FloatVector sums = FloatVector.fromArray(FLOATS, span, state + SUMS).mul(factor);
        for (i = 0; i < full; i += WIDTH) {
            FloatVector e =
                    Lanes.exp(FloatVector.fromArray(FLOATS, weights, at + i).sub(max));
            e.intoArray(weights, at + i);
            sums = sums.add(e);
        }
        if (full < tokens) {
            FloatVector e =
                    Lanes.exp(FloatVector.fromArray(FLOATS, weights, at + full).sub(max));
            e = FloatVector.zero(FLOATS).blend(e, rest);
            e.intoArray(weights, at + full);
            sums = sums.add(e);
            i += WIDTH;
        }
        for (; i < seen; i += WIDTH) {
            FloatVector.zero(FLOATS).intoArray(weights, at + i);
        }
        sums.intoArray(span, state + SUMS);
        span[state] = max;
        return factor.lane(0);
    }

    /** Ends a span: merges it with those before it. */
    void mergeSpan() {
        for (int query = 0; query < count; query++) {
            mergeState(span, query * stride);
        }
        merged++;
    }

    /** Hands out the states of the span, to be merged by another tile. */
    void copySpan(float[] target, int to) {
        System.arraycopy(span, 0, target, to, count * stride);
    }

    /** Merges a span that another tile has summed. */
    void mergeCopy(float[] states, int from) {
        System.arraycopy(states, from, span, 0, count * stride);
        mergeSpan();
    }

    private void mergeState(float[] part, int at) {
        if (merged == 0) {
            System.arraycopy(part, at, total, at, stride);
            return;
        }
        if (part[at] == Float.NEGATIVE_INFINITY) {
            return; // the query sees nothing of this span
        }
        float max = Math.max(total[at], part[at]);
        FloatVector before = Lanes.exp(FloatVector.broadcast(FLOATS, total[at] - max));
        FloatVector added = Lanes.exp(FloatVector.broadcast(FLOATS, part[at] - max));
        for (int i = SUMS; i < stride; i += WIDTH) {
            FloatVector sum = FloatVector.fromArray(FLOATS, total, at + i).mul(before);
            FloatVector.fromArray(FLOATS, part, at + i).fma(added, sum).intoArray(total, at + i);
        }
        total[at] = max;
    }

    /** The attention of a query, after the last span was merged. */
    void result(int query, float[] out, int to) {
        int state = query * stride;
        float factor = 1 / Lanes.sum(total, state + SUMS);
        for (int i = 0; i < size; i++) {
            out[to + i] = total[state + RESULT + i] * factor;
        }
    }
}
