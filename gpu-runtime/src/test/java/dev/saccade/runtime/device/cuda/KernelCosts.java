package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;

/** What each kernel of a step moves and computes, as formulas of its shape; {@link AccountingTest} counts the same. */
final class KernelCosts {

    private static final int SECTOR = 32;
    private static final int BF16 = Short.BYTES;
    private static final int FLOAT = Float.BYTES;
    private static final int BLOCK = KeyValueCache.BLOCK_TOKENS;
    private static final int SHARING = 8;

    /** Rows of the matrix instruction's narrow side. */
    private static final int GROUP = 8;

    private KernelCosts() {}

    /** {@code product_*}, up to 16 rows. */
    static Cost product(int rows, int inputs, int outputs, boolean bias, int outBytes) {
        double read = sectors((double) BF16 * inputs * outputs)
                + sectors((double) BF16 * inputs * rows)
                + (bias ? sectors(FLOAT * outputs) : 0);
        return new Cost(
                read,
                (double) rows * outputs * outBytes,
                multiplied(rounded(rows, GROUP), inputs, outputs),
                multiplied(rows, inputs, outputs));
    }

    /** {@code gated_product_*}: gate and up with SwiGLU. */
    static Cost gatedProduct(int rows, int inputs, int width) {
        Cost both = product(rows, inputs, 2 * width, false, 0);
        return new Cost(both.read(), (double) rows * width * BF16, both.flops(), both.useful());
    }

    /** {@code wide_gated_product_*}: the same for more rows, which 64 pairs of outputs of a block share. */
    static Cost wideGatedProduct(int rows, int inputs, int width) {
        Cost moved = gatedProduct(rows, inputs, width);
        double issued = multiplied(wideRows(rows), inputs, 2 * rounded(width, 64));
        return new Cost(moved.read(), moved.written(), issued, moved.useful());
    }

    /** {@code wide_cached_product_*}: {@link #cachedProduct} of more rows, 32 pairs of outputs a block. */
    static Cost wideCachedProduct(int rows, int inputs, Heads heads) {
        Cost moved = cachedProduct(rows, inputs, heads);
        double issued = multiplied(wideRows(rows), inputs, rounded(heads.rowWidth(), 64));
        return new Cost(moved.read(), moved.written(), issued, moved.useful());
    }

    private static int wideRows(int rows) {
        return rows <= 64 ? 64 : rounded(rows, 128);
    }

    /** {@code cached_product_*}: queries, keys and values with bias, rotation and the write to the cache. */
    static Cost cachedProduct(int rows, int inputs, Heads heads) {
        Cost product = product(rows, inputs, heads.rowWidth(), true, BF16);
        return product.plus(new Cost(sectors(FLOAT * rows * heads.size()) + sectors(FLOAT * rows), 0, 0, 0));
    }

    /** {@code decode_attention_*} of rows that see {@code length} tokens each. */
    static Cost decodeAttention(int rows, int length, Heads heads) {
        int sharing = heads.query() / heads.keyValue();
        int blocks = Math.ceilDiv(length, BLOCK);
        int most = Math.min(StepStaging.MOST_PIECES, Math.ceilDiv(blocks, StepStaging.leastBlocks(rows)));
        int pieces = Math.ceilDiv(blocks, Math.ceilDiv(blocks, most));
        double cached = 2.0 * BF16 * blocks * BLOCK * heads.size() * heads.keyValue();
        double partialValues = pieces == 1 ? 0 : (double) pieces * sharing * heads.size() * FLOAT * heads.keyValue();
        double partialSums = pieces == 1 ? 0 : (double) pieces * sectors(sharing * 2 * FLOAT) * heads.keyValue();
        double counters = pieces == 1 ? 0 : (pieces + 1.0) * FLOAT * heads.keyValue();
        double queries = (double) BF16 * heads.queryWidth();
        double each = cached + queries + partialValues + partialSums;
        double written = BF16 * heads.queryWidth()
                + partialValues
                + (pieces == 1 ? 0 : (double) pieces * sharing * 2 * FLOAT * heads.keyValue())
                + counters;
        double staged = 2 * sectors(FLOAT * rows) + sectors(FLOAT * rows * blocks);
        return new Cost(
                rows * each + staged,
                rows * written,
                rows * 4.0 * SHARING * blocks * BLOCK * heads.size() * heads.keyValue(),
                rows * 4.0 * length * heads.queryWidth());
    }

    /** {@code paged_attention_*} of {@code rows} rows of a prompt behind {@code before} tokens. */
    static Cost pagedAttention(int rows, int before, Heads heads) {
        double flops = 0;
        double useful = 0;
        for (int row = 0; row < rows; row += 16) {
            int last = Math.min(rows, row / 64 * 64 + Math.min(64, rows - row / 64 * 64));
            int end = before + last;
            int seen = Math.min(end, before + row + 16);
            flops += 4.0 * 16 * rounded(seen, 16) * heads.queryWidth();
        }
        for (int row = 0; row < rows; row++) {
            useful += 4.0 * (before + row + 1) * heads.queryWidth();
        }
        int length = before + rows;
        double keys = (double) BF16 * length * heads.size() * heads.keyValue();
        double values = (double) BF16 * BLOCK * Math.ceilDiv(length, BLOCK) * heads.size() * heads.keyValue();
        double lists = sectors(FLOAT * Math.ceilDiv(length, BLOCK)) + sectors(16 * Math.ceilDiv(rows, 64));
        return new Cost(
                keys + values + lists + (double) rows * heads.queryWidth() * BF16,
                (double) rows * heads.queryWidth() * BF16,
                flops,
                useful);
    }

    /**
     * {@code hopper_attention_128}: 64 rows by 64 tokens at once where all of them see all of these, and on the diagonal as
     * {@link #pagedAttention}.
     */
    static Cost hopperAttention(int rows, int before, Heads heads) {
        Cost paged = pagedAttention(rows, before, heads);
        double pairs = 0;
        for (int row = 0; row < rows; row += 64) {
            int whole = (before + row + 1) / 64 * 64; // tokens of tiles that the first row sees all of
            pairs += 64.0 * whole;
            int end = Math.min(before + row / 128 * 128 + 128, before + rows);
            for (int own = row; own < Math.min(rows, row + 64); own += 16) {
                pairs += 16.0 * (rounded(Math.min(end, before + own + 16), 16) - whole);
            }
        }
        return new Cost(paged.read(), paged.written(), 4 * pairs * heads.queryWidth(), paged.useful());
    }

    /** {@code add_and_normalize}; float32 but for what comes out. */
    static Cost norm(int rows, int width, boolean residual) {
        double read = (residual ? 2.0 : 1.0) * FLOAT * rows * width + FLOAT * width;
        return new Cost(read, ((residual ? FLOAT : 0) + BF16) * (double) rows * width, 0, 0);
    }

    /** {@code rotate_and_cache}, behind a library's product. */
    static Cost rotateAndCache(int rows, Heads heads) {
        double row = (double) BF16 * heads.rowWidth();
        double read = rows * row + FLOAT * heads.rowWidth() + sectors(FLOAT * rows * heads.size());
        return new Cost(read + sectors(FLOAT * rows), rows * row, 0, 0);
    }

    /** {@code swiglu}, behind a library's product. */
    static Cost swiglu(int rows, int width) {
        return new Cost(2.0 * BF16 * rows * width, (double) BF16 * rows * width, 0, 0);
    }

    /** cuBLAS; what it moves beyond the least isn't known. */
    static Cost libraryProduct(int rows, int inputs, int outputs, int outBytes) {
        return new Cost(
                (double) BF16 * inputs * ((double) outputs + rows),
                (double) rows * outputs * outBytes,
                multiplied(rows, inputs, outputs),
                multiplied(rows, inputs, outputs));
    }

    /** {@code look_up}. */
    static Cost lookUp(int rows, int width) {
        return new Cost(sectors(FLOAT * rows) + (double) rows * BF16 * width, (double) rows * FLOAT * width, 0, 0);
    }

    private static double multiplied(int rows, int inputs, int outputs) {
        return 2.0 * rows * inputs * outputs;
    }

    private static int rounded(int value, int to) {
        return Math.ceilDiv(value, to) * to;
    }

    private static double sectors(double bytes) {
        return Math.ceil(bytes / SECTOR) * SECTOR;
    }
}
