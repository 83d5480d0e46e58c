package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Runs every kernel on tiny shapes until the compiler has taken it up. Vector code that is still interpreted is hundreds
 * of times slower than compiled, and long loops at that stage would cost a first request several seconds.
 */
final class Warmup {

    /** Calls after which the JVM's second compiler has certainly been asked for. */
    private static final int ROUNDS = 1_200;

    private static final int ROWS = 5;
    private static final int[] PRODUCTS = {1, 2, 4, 8, 37, 40, 44}; // rows that need every height of tile
    private static final int WIDTH = 36; // a few vectors and a rest
    private static final Heads HEADS = new Heads(2, 1, WIDTH);

    /** A head of a whole panel, so that attention streams a single row and lays the blocks out for more. */
    private static final Heads STREAMED = new Heads(7, 1, AttentionTile.PANEL);

    private Warmup() {}

    /** Uses a device of its own, of one thread; returns early when it is no longer wanted. */
    static void run(CpuDevice device, BooleanSupplier stopped) {
        Matrix matrix = device.matrix(List.of(zeros(WIDTH, WIDTH)));
        KeyValueCache cache = device.keyValueCache(1, HEADS, 2);
        DeviceBuffer norm = device.allocate(WIDTH);
        DeviceBuffer x = device.allocate(ROWS * HEADS.rowWidth());
        DeviceBuffer y = device.allocate(ROWS * HEADS.rowWidth());
        DeviceBuffer factors = device.allocate(WIDTH * PRODUCTS[PRODUCTS.length - 1]);
        DeviceBuffer products = device.allocate(WIDTH * PRODUCTS[PRODUCTS.length - 1]);
        DeviceBuffer table = device.allocate(ROWS * WIDTH);
        PagedRows rows = new PagedRows(
                new int[] {0, 1, 2, 3, 4}, new int[] {1, 2, 3, 4, 5}, new int[] {0, ROWS}, new int[][] {{0}});
        KeyValueCache streamed = device.keyValueCache(1, STREAMED, 1);
        DeviceBuffer q = device.allocate(STREAMED.rowWidth());
        PagedRows row = new PagedRows(new int[] {8}, new int[] {9}, new int[] {0, 1}, new int[][] {{0}});
        for (int i = 0; i < ROUNDS && !stopped.getAsBoolean(); i++) {
            device.addAndNormalize(x, y, norm, 1e-6f, ROWS, y);
            for (int product : PRODUCTS) {
                device.linear(factors, RowKinds.ofAnswers(product), matrix, norm, products);
            }
            device.swiglu(x, ROWS, WIDTH, y);
            device.gelu(y, WIDTH);
            device.rotateAndCache(x, HEADS, table, cache, 0, rows);
            device.pagedAttention(x, HEADS, cache, 0, rows, y);
            device.pagedAttention(q, STREAMED, streamed, 0, row, y);
            device.segmentAttention(x, HEADS, new int[] {0, 2, ROWS}, y);
        }
    }

    private static Tensor zeros(int outputs, int inputs) {
        return new Tensor(
                "warm-up",
                DType.BF16,
                new int[] {outputs, inputs},
                MemorySegment.ofArray(new byte[2 * outputs * inputs]));
    }
}
