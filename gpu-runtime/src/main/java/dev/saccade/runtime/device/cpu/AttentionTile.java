package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.FLOATS;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import dev.saccade.runtime.device.KeyValueCache;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
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

    /** Queries for which blocks are read again and again rather than laid out. */
    private static final int STREAMED = 8;

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
            int seen = seen(query, firstToken);
            if (seen > 0) {
                Arrays.fill(weights, 0);
                Arrays.fill(factors, 1);
                AttentionKernels.multiply(
                        queries, query * size, size, size, keys, 0, seen, weights, 0, TOKENS, factors);
                softmax(query, firstToken);
                addValues(query, seen);
            }
        }
    }

    /** Whether reading the blocks again for every four queries costs less than laying them out for all. */
    boolean streams() {
        return count <= STREAMED && StreamedAttention.serves(size);
    }

    /** Sums a tile straight from the cache's blocks, whose layout is {@link Bfloat16Cache}'s. */
    void attend(Bfloat16Cache cache, int layer, int head, int[] blocks, int firstToken) {
        int first = firstToken / KeyValueCache.BLOCK_TOKENS;
        for (int query = 0; query < count; query += AttentionKernels.ROWS) {
            int seen = seen(query, firstToken);
            if (seen > 0) {
                int last = first + (seen - 1) / KeyValueCache.BLOCK_TOKENS;
                StreamedAttention.scores(
                        cache.memory,
                        cache.part(layer, blocks[first], head),
                        cache.part(layer, blocks[Math.min(first + 1, last)], head),
                        cache.part(layer, blocks[Math.min(first + 2, last)], head),
                        cache.part(layer, blocks[Math.min(first + 3, last)], head),
                        size,
                        queries,
                        query * size,
                        weights);
                softmax(query, firstToken);
                for (int block = first; block <= last; block++) {
                    int token = (block - first) * KeyValueCache.BLOCK_TOKENS;
                    int tokens = Math.min(seen - token, KeyValueCache.BLOCK_TOKENS);
                    addValues(query, cache, cache.values(layer, blocks[block], head), token, tokens);
                    Arrays.fill(factors, 1);
                }
            }
        }
    }

    /** Tokens of a tile that some of four queries see; none or less where no query does. */
    private int seen(int query, int firstToken) {
        int seen = 0;
        for (int i = query; i < query + AttentionKernels.ROWS; i++) {
            seen = Math.max(seen, visible[i] - firstToken);
        }
        return Math.min(seen, TOKENS);
    }

    private void addValues(int query, int seen) {
        for (int from = 0; from < size; from += PANEL) {
            int width = Math.min(PANEL, size - from);
            int to = query * stride + RESULT + from;
            AttentionKernels.multiply(
                    weights, 0, TOKENS, seen, values, from * TOKENS, width, span, to, stride, factors);
        }
    }

    private void addValues(int query, Bfloat16Cache cache, long at, int token, int tokens) {
        for (int from = 0; from < size; from += PANEL) {
            int to = query * stride + RESULT + from;
            StreamedAttention.values(
                    cache.memory, at + 4L * from, 4L * size, tokens, weights, token, span, to, stride, factors);
        }
    }

    /** Makes weights of four queries' scores, and the factors of what they have summed so far. */
    private void softmax(int query, int firstToken) {
        for (int i = 0; i < AttentionKernels.ROWS; i++) {
            int tokens = Math.min(visible[query + i] - firstToken, TOKENS);
            int at = i * TOKENS;
            factors[i] = 1;
            if (tokens == TOKENS) {
                factors[i] = exponentials(at, (query + i) * stride);
            } else if (tokens > 0) {
                Arrays.fill(weights, at + tokens, at + TOKENS, Float.NEGATIVE_INFINITY);
                factors[i] = exponentials(at, (query + i) * stride);
                Arrays.fill(weights, at + tokens, at + TOKENS, 0); // e^-86 in the sum is below its last place
            } else {
                Arrays.fill(weights, at, at + TOKENS, 0);
            }
        }
    }

    /**
     * Replaces a row of scores by exponentials relative to the largest so far.
     *
     * @return what the sums so far are to be multiplied with
     */
    private float exponentials(int at, int state) {
        float before = span[state];
        FloatVector largest = FloatVector.broadcast(FLOATS, before);
        for (int i = 0; i < TOKENS; i += WIDTH) {
            largest = largest.max(FloatVector.fromArray(FLOATS, weights, at + i));
        }
        float max = largest.reduceLanes(VectorOperators.MAX);
        FloatVector factor = Lanes.exp(FloatVector.broadcast(FLOATS, before - max));
        FloatVector sums = FloatVector.fromArray(FLOATS, span, state + SUMS).mul(factor);
        for (int i = 0; i < TOKENS; i += WIDTH) {
            FloatVector e =
                    Lanes.exp(FloatVector.fromArray(FLOATS, weights, at + i).sub(max));
            e.intoArray(weights, at + i);
            sums = sums.add(e);
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
