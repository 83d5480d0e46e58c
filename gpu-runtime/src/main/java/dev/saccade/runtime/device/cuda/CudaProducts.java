package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.RowKinds;
import org.jspecify.annotations.Nullable;

/**
 * Chooses who multiplies: up to 16 rows our own kernels, which read each weight once and do what follows in the same pass;
 * more rows cuBLAS, but for what has something to follow in a step of answers only: other kernels of our own.
 */
final class CudaProducts {

    /** {@code PRODUCT_WARPS} in product.cu. */
    private static final int WARPS = 8;

    private static final int THREADS = WARPS * 32;
    private static final int MOST_ROWS = 16;
    private static final int TILE_OUTPUTS = 16;
    private static final int INPUTS_AT_ONCE = 64;
    private static final int PLAIN_THREADS = 256;

    // of wide_product.cu
    private static final int WIDE_STAGES = 3;
    private static final int WIDE_INPUTS = 64;
    private static final int WIDE_ROWS = 128;
    private static final int GATED_PAIRS = 64;
    private static final int CACHED_PAIRS = 32;

    /** From so many blocks on, a block takes two tiles and reads the rows half as often. */
    private static final int MANY_BLOCKS = 1024;

    private final CudaContext context;
    private final Cublas cublas;

    CudaProducts(CudaContext context, Cublas cublas) {
        this.context = context;
        this.cublas = cublas;
    }

    void linear(CudaMatrix weights, CudaBuffer x, int rows, @Nullable CudaBuffer bias, CudaBuffer out) {
        if (!few(weights, rows)) {
            cublas.multiply(weights, x, rows, out);
            if (bias != null) {
                addBias(out, rows, weights.outputs(), bias);
            }
            return;
        }
        int outputs = weights.outputs();
        launch("product_" + out.type(), weights, outputs / TILE_OUTPUTS, x, rows, outputs, bias, out);
    }

    void linearSwiglu(
            CudaMatrix weights,
            CudaBuffer x,
            RowKinds kinds,
            @Nullable CudaBuffer bias,
            CudaBuffer gateUp,
            CudaBuffer out) {
        int rows = kinds.rows();
        int width = weights.outputs() / 2;
        if (wide(weights, rows, kinds.prompt())) {
            launchWide(
                    "wide_gated_product_",
                    width,
                    GATED_PAIRS,
                    rows,
                    weights.address(),
                    x,
                    weights.inputs(),
                    rows,
                    width,
                    bias,
                    out);
            return;
        }
        if (!few(weights, rows)) {
            cublas.multiply(weights, x, rows, gateUp);
            swiglu(gateUp, bias, rows, width, out);
            return;
        }
        launch("gated_product", weights, width / (TILE_OUTPUTS / 2), x, rows, width, bias, out);
    }

    void swiglu(CudaBuffer gateUp, @Nullable CudaBuffer bias, int rows, int width, CudaBuffer out) {
        context.launch(
                "swiglu",
                blocks(width / 2, PLAIN_THREADS),
                rows,
                1,
                PLAIN_THREADS,
                0,
                CudaBuffer.operand(gateUp),
                bias,
                width,
                CudaBuffer.operand(out));
    }

    void linearRotateAndCache(
            CudaMatrix weights,
            CudaBuffer x,
            @Nullable CudaBuffer bias,
            Heads heads,
            CudaBuffer cosSin,
            CudaKeyValueCache cache,
            int layer,
            CudaStep step,
            CudaBuffer out) {
        int rows = step.rows();
        if (wide(weights, rows, step.prompts())) {
            launchWide(
                    "wide_cached_product_",
                    heads.rowWidth() / 2,
                    CACHED_PAIRS,
                    rows,
                    weights.address(),
                    x,
                    weights.inputs(),
                    rows,
                    bias,
                    heads,
                    cosSin,
                    cache.layer(layer),
                    step.slots(),
                    out);
            return;
        }
        if (!few(weights, rows)) {
            cublas.multiply(weights, x, rows, out);
            rotateAndCache(out, bias, heads, cosSin, cache, layer, step);
            return;
        }
        context.launch(
                "cached_product_" + roundedRows(rows),
                blocks(heads.rowWidth(), TILE_OUTPUTS),
                1,
                1,
                THREADS,
                sharedBytes(1, rows),
                weights.address(),
                x,
                weights.inputs(),
                rows,
                bias,
                heads,
                cosSin,
                cache.layer(layer),
                step.slots(),
                out);
    }

    void rotateAndCache(
            CudaBuffer qkv,
            @Nullable CudaBuffer bias,
            Heads heads,
            CudaBuffer cosSin,
            CudaKeyValueCache cache,
            int layer,
            CudaStep step) {
        context.launch(
                "rotate_and_cache",
                step.rows(),
                1,
                1,
                PLAIN_THREADS,
                0,
                CudaBuffer.operand(qkv),
                bias,
                heads,
                CudaBuffer.plain(cosSin),
                cache.layer(layer),
                step.slots());
    }

    private void launch(
            String family,
            CudaMatrix weights,
            int tiles,
            CudaBuffer x,
            int rows,
            int outputs,
            @Nullable CudaBuffer bias,
            CudaBuffer out) {
        int together = tiles >= MANY_BLOCKS ? 2 : 1;
        context.launch(
                family + "_" + roundedRows(rows) + "_" + together,
                blocks(tiles, together),
                1,
                1,
                THREADS,
                sharedBytes(together, rows),
                weights.address(),
                CudaBuffer.operand(x),
                weights.inputs(),
                rows,
                outputs,
                bias,
                out);
    }

    private void launchWide(String family, int pairs, int pairsOfBlock, int rows, @Nullable Object... arguments) {
        int rowsOfBlock = rows <= WIDE_ROWS / 2 ? WIDE_ROWS / 2 : WIDE_ROWS;
        context.launch(
                family + rowsOfBlock,
                blocks(pairs, pairsOfBlock),
                blocks(rows, rowsOfBlock),
                1,
                THREADS,
                WIDE_STAGES * (2 * pairsOfBlock + rowsOfBlock) * WIDE_INPUTS * Short.BYTES,
                arguments);
    }

    private void addBias(CudaBuffer out, int rows, int width, CudaBuffer bias) {
        context.launch(
                "add_bias_" + out.type(), blocks(width, PLAIN_THREADS), rows, 1, PLAIN_THREADS, 0, out, bias, width);
    }

    private static boolean few(CudaMatrix weights, int rows) {
        return rows <= MOST_ROWS && fits(weights);
    }

    private static boolean wide(CudaMatrix weights, int rows, int prompts) {
        return rows > MOST_ROWS && prompts == 0 && fits(weights);
    }

    private static boolean fits(CudaMatrix weights) {
        return weights.inputs() % INPUTS_AT_ONCE == 0 && weights.outputs() % TILE_OUTPUTS == 0;
    }

    private static int roundedRows(int rows) {
        return rows <= MOST_ROWS / 2 ? MOST_ROWS / 2 : MOST_ROWS;
    }

    private static int sharedBytes(int tiles, int rows) {
        return WARPS * tiles * TILE_OUTPUTS * roundedRows(rows) * Float.BYTES;
    }

    static int blocks(int work, int each) {
        return (work + each - 1) / each;
    }
}
