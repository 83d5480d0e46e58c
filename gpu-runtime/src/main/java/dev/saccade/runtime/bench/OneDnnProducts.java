package dev.saccade.runtime.bench;

import dev.saccade.runtime.device.cpu.BareOneDnn;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link BareProducts} by oneDNN in bf16, or in float32 where the processor can't multiply bf16: there oneDNN is several times
 * faster in float32 than in bf16, which it emulates.
 */
public final class OneDnnProducts implements BareProducts, AutoCloseable {

    private static final int RUNS = 3;

    private final BareOneDnn oneDnn;
    private final Map<Size, Double> best = new HashMap<>();

    private OneDnnProducts(BareOneDnn oneDnn) {
        this.oneDnn = oneDnn;
    }

    /** Null where there is no oneDNN for this platform. */
    public static @Nullable OneDnnProducts open(int threads) {
        BareOneDnn oneDnn = BareOneDnn.open(threads);
        return oneDnn == null ? null : new OneDnnProducts(oneDnn);
    }

    private record Size(int rows, int outputs, int inputs) {}

    /** The best of all that were measured so far, three more at each call. */
    @Override
    public double seconds(int rows, int outputs, int inputs) {
        Size size = new Size(rows, outputs, inputs);
        try (BareOneDnn.Product product = oneDnn.bfloat16InHardware()
                ? oneDnn.bfloat16(rows, outputs, inputs)
                : oneDnn.float32(rows, outputs, inputs)) {
            for (int run = 0; run < RUNS; run++) {
                long start = System.nanoTime();
                product.run();
                best.merge(size, (System.nanoTime() - start) / 1e9, Math::min);
            }
        }
        return best.getOrDefault(size, Double.POSITIVE_INFINITY);
    }

    @Override
    public void close() {
        oneDnn.close();
    }
}
