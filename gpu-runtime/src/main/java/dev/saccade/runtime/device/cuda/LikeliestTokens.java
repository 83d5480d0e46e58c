package dev.saccade.runtime.device.cuda;

/** Finds the highest logit of each row on the device, so that eight bytes cross the bus for it. */
final class LikeliestTokens {

    private static final int THREADS = 256;

    /** Blocks of threads that share a row. */
    private static final int PIECES = 16;

    private final CudaContext context;
    private final CudaMemory memory;
    private final Staging staging;
    private long keys;
    private int capacity;
    private long[] found = {};

    LikeliestTokens(CudaContext context, CudaMemory memory, Staging staging) {
        this.context = context;
        this.memory = memory;
        this.staging = staging;
    }

    void find(CudaBuffer scores, int rows, int width, int[] places) {
        if (capacity < rows) {
            capacity = rows;
            keys = memory.grow(keys, (long) rows * Long.BYTES, "sampling");
            found = new long[rows];
        }
        context.fillWithZeros(keys, (long) rows * Long.BYTES);
        context.launch("likeliest", PIECES, rows, 1, THREADS, THREADS / 32 * Long.BYTES, scores, width, keys);
        staging.download(keys, rows, found);
        for (int row = 0; row < rows; row++) {
            places[row] = Float.isFinite(score(found[row])) ? ~(int) found[row] : -1;
        }
    }

    /** The kernel's order of floats, as integers, undone. */
    private static float score(long key) {
        int ordered = (int) (key >>> 32);
        return Float.intBitsToFloat(ordered < 0 ? ordered ^ 0x8000_0000 : ~ordered);
    }
}
