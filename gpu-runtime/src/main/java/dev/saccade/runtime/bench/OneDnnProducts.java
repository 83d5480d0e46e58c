package dev.saccade.runtime.bench;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.device.cpu.BareOneDnn;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link BareProducts} by oneDNN. Where the processor can't multiply bf16, oneDNN emulates it: float32 is faster there. */
public final class OneDnnProducts implements BareProducts, AutoCloseable {

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

    private record Size(Precision precision, int rows, int outputs, int inputs) {}

    @Override
    public double seconds(Precision precision, int rows, int outputs, int inputs) {
        Size size = new Size(precision, rows, outputs, inputs);
        try (BareOneDnn.Product product = switch (precision) {
            case BFLOAT16 -> oneDnn.bfloat16(rows, outputs, inputs);
            case FLOAT32 -> oneDnn.float32(rows, outputs, inputs);
        }) {
            product.run(); // the first run also makes oneDNN's code
            long start = System.nanoTime();
            product.run();
            best.merge(size, (System.nanoTime() - start) / 1e9, Math::min);
        }
        return best.getOrDefault(size, Double.POSITIVE_INFINITY);
    }

    @Override
    public void close() {
        oneDnn.close();
    }
}
