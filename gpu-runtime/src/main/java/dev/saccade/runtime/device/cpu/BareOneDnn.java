package dev.saccade.runtime.device.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN alone, as the limit that products are measured against: all rows at once, weights in the layout that it likes
 * best, outputs divided evenly among the threads, results left where it puts them.
 */
public final class BareOneDnn implements AutoCloseable {

    private static final short ORDINARY = 0x3c12; // bf16, and as two of them float32: about 0.009

    private final OneDnn oneDnn;
    private final ComputePool pool;

    private BareOneDnn(OneDnn oneDnn, int threads) {
        this.oneDnn = oneDnn;
        this.pool = new ComputePool(threads);
    }

    /** Null where there is no oneDNN for this platform. */
    public static @Nullable BareOneDnn open(int threads) {
        OneDnnLibrary library = OneDnnLibrary.get();
        return library == null ? null : new BareOneDnn(new OneDnn(library), threads);
    }

    /** The processor multiplies bf16 itself; otherwise oneDNN emulates it. */
    public boolean bfloat16InHardware() {
        return oneDnn.multipliesBfloat16InHardware();
    }

    /** One product with its operands, to be run again and again. */
    public final class Product implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final List<Share> shares = new ArrayList<>();
        private final ComputePool.Body body =
                (worker, from, to) -> shares.subList(from, to).forEach(Share::run);

        Product(int rows, int outputs, int inputs, OneDnnPlan.Weights weights) {
            int bytes = weights == OneDnnPlan.Weights.FLOAT32 ? 4 : 2;
            MemorySegment x = ordinary((long) bytes * rows * inputs);
            for (int i = 0; i < pool.threads(); i++) {
                int first = (int) ((long) outputs * i / pool.threads());
                int count = (int) ((long) outputs * (i + 1) / pool.threads()) - first;
                OneDnnPlan plan = new OneDnnPlan(oneDnn, new OneDnnPlan.Shape(rows, inputs, count, weights), arena);
                shares.add(new Share(plan, x, ordinary(plan.weightBytes()), ordinary(4L * rows * count)));
            }
        }

        private MemorySegment ordinary(long bytes) {
            MemorySegment memory = arena.allocate(bytes, 64);
            for (long at = 0; at + 2 <= bytes; at += 2) {
                memory.set(ValueLayout.JAVA_SHORT, at, ORDINARY);
            }
            return memory;
        }

        public void run() {
            pool.loop(shares.size(), Long.MAX_VALUE / shares.size(), body);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    private record Share(OneDnnPlan plan, MemorySegment x, MemorySegment weights, MemorySegment out) {
        void run() {
            plan.run(x, weights, out);
        }
    }

    public Product bfloat16(int rows, int outputs, int inputs) {
        return new Product(rows, outputs, inputs, OneDnnPlan.Weights.BFLOAT16);
    }

    public Product float32(int rows, int outputs, int inputs) {
        return new Product(rows, outputs, inputs, OneDnnPlan.Weights.FLOAT32);
    }

    @Override
    public void close() {
        pool.close();
    }
}
