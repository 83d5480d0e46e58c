package dev.saccade.runtime.device;

import dev.saccade.runtime.checkpoint.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory and fused operations. Called by one thread at a time; operations take effect in the order of the calls.
 *
 * <p>Shapes are row-major. A row's result is the same whatever other rows stand beside it: sums run in an order that
 * depends on the row's own sizes only.
 */
public interface Device extends AutoCloseable {

    // ---- memory

    /** Uploads weights; several tensors (outputs_i, inputs) are stacked to one (sum of outputs, inputs). */
    Matrix matrix(List<Tensor> stacked);

    /** Makes a tensor (rows, width) available for {@link #lookUp}. */
    Table table(Tensor tensor);

    /** Uploads norm weights or biases; several tensors are laid end to end. */
    DeviceBuffer vector(List<Tensor> parts);

    /** Zeroed working memory, freed when it is no longer reachable or the device is closed. */
    DeviceBuffer allocate(int floats);

    /**
     * Like {@link #allocate}, for values that products and attention read, which a device may keep in bf16: what they give
     * to each other. Sums that go on growing, such as the residual, want float32.
     */
    DeviceBuffer operand(int values);

    /** Bytes that {@link KeyValueCache#BLOCK_TOKENS} tokens take in a cache. */
    long keyValueBlockBytes(int layers, Heads heads);

    /**
     * An empty cache, outside of any heap.
     *
     * @throws dev.saccade.runtime.DeviceException {@code out-of-memory} where it can't be had
     */
    KeyValueCache keyValueCache(int layers, Heads heads, int blocks);

    /** Copies all layers' keys and values of one block to another. */
    void copyBlock(KeyValueCache cache, int source, int target);

    void write(float[] source, int from, int floats, DeviceBuffer target);

    void read(DeviceBuffer source, int floats, float[] target);

    // ---- operations

    /**
     * Takes in what the rows of a step attend to, once for all layers.
     *
     * @param kinds of which kinds the rows are
     */
    StagedRows stage(PagedRows rows, RowKinds kinds);

    /**
     * Runs operations that are the same ones, over the same buffers, whenever that many rows of answers and none of a prompt
     * were {@link #stage}d: a device may record them once and play them back.
     */
    default void repeat(StagedRows rows, Runnable operations) {
        operations.run();
    }

    /** {@code out[i] = table[ids[i]]}; out is (ids, width). */
    void lookUp(Table table, int[] ids, DeviceBuffer out);

    /** {@code target[targetRows[i]] = source[sourceRows[i]]}, rows of {@code width} values. */
    void copyRows(DeviceBuffer source, int[] sourceRows, DeviceBuffer target, int[] targetRows, int width);

    /**
     * Residual and RMS norm in one pass: {@code hidden += delta} (where there is one), then
     * {@code out = hidden / sqrt(mean(hidden^2) + epsilon) * weight}. All are (rows, weight.floats()).
     */
    void addAndNormalize(
            DeviceBuffer hidden,
            @Nullable DeviceBuffer delta,
            DeviceBuffer weight,
            float epsilon,
            int rows,
            DeviceBuffer out);

    /**
     * {@code out = x * weights^T + bias}; x is (rows, inputs), out is (rows, outputs).
     *
     * @param rows of which kinds the rows are
     */
    void linear(DeviceBuffer x, RowKinds rows, Matrix weights, @Nullable DeviceBuffer bias, DeviceBuffer out);

    /**
     * {@link #linear}, then {@link #swiglu}.
     *
     * @param gateUp (rows, 2 * width): room for what is between, overwritten or not
     * @param out (rows, width)
     */
    default void linearSwiglu(
            DeviceBuffer x,
            RowKinds rows,
            Matrix weights,
            @Nullable DeviceBuffer bias,
            DeviceBuffer gateUp,
            DeviceBuffer out) {
        linear(x, rows, weights, bias, gateUp);
        swiglu(gateUp, rows.rows(), weights.outputs() / 2, out);
    }

    /** {@code out = silu(gate) * up}; gateUp is (rows, 2 * width) with a row's gate before its up, out is (rows, width). */
    void swiglu(DeviceBuffer gateUp, int rows, int width, DeviceBuffer out);

    /** {@code x = x / 2 * (1 + erf(x / sqrt(2)))} in place. */
    void gelu(DeviceBuffer x, int floats);

    /**
     * Rotates queries and keys in place: value j of a head pairs with value j + size / 2.
     *
     * @param qkv (rows, heads.rowWidth())
     * @param cosSin (rows, size): a row's size / 2 cosines, then its sines
     */
    void rotate(DeviceBuffer qkv, int rows, Heads heads, DeviceBuffer cosSin);

    /** {@link #rotate}, and writes each row's key and value to its slot of the cache. */
    void rotateAndCache(
            DeviceBuffer qkv, Heads heads, DeviceBuffer cosSin, KeyValueCache cache, int layer, StagedRows rows);

    /**
     * {@link #linear}, then {@link #rotateAndCache}.
     *
     * @param out (rows, heads.rowWidth()), of which only the queries need be written
     */
    default void linearRotateAndCache(
            DeviceBuffer x,
            RowKinds kinds,
            Matrix weights,
            @Nullable DeviceBuffer bias,
            Heads heads,
            DeviceBuffer cosSin,
            KeyValueCache cache,
            int layer,
            StagedRows rows,
            DeviceBuffer out) {
        linear(x, kinds, weights, bias, out);
        rotateAndCache(out, heads, cosSin, cache, layer, rows);
    }

    /** Causal attention of each row over its sequence's cached tokens; out is (rows, heads.queryWidth()). */
    void pagedAttention(
            DeviceBuffer qkv, Heads heads, KeyValueCache cache, int layer, StagedRows rows, DeviceBuffer out);

    /**
     * Attention of each row over all rows of its segment.
     *
     * @param boundaries first row of each segment, then the number of rows
     * @param out (rows, heads.queryWidth())
     */
    void segmentAttention(DeviceBuffer qkv, Heads heads, int[] boundaries, DeviceBuffer out);

    /** Whether tokens are drawn here; a device whose values lie in the host's memory leaves it to the host. */
    default boolean drawsTokens() {
        return false;
    }

    /**
     * Draws tokens, each by itself.
     *
     * @param scores (rows, width): logits, left as they are
     * @param tokens receives one for each draw, or {@link TokenDraw#UNDRAWN} where the host has to draw: no score is a finite
     *     number, or the token is drawn from more of them than the device sorts
     */
    default void draw(DeviceBuffer scores, int width, List<TokenDraw> draws, int[] tokens) {
        Arrays.fill(tokens, 0, draws.size(), TokenDraw.UNDRAWN);
    }

    /**
     * Measures a token by the softmax of a row.
     *
     * @param scores (rows, width): logits
     * @param likeliest how many of the likeliest tokens to list, 20 at the most
     * @return null where the host has to measure
     */
    default @Nullable TokenMeasure measure(DeviceBuffer scores, int width, int row, int token, int likeliest) {
        return null;
    }

    /** Frees all memory. Nothing that came from this device may be used afterwards. */
    @Override
    void close();
}
