package dev.saccade.runtime.device;

import dev.saccade.runtime.ModelException;
import dev.saccade.runtime.checkpoint.Tensor;

/** Refuses weights that are not numbers: one of them makes every answer nonsense. */
public final class FiniteWeights {

    private static final int EXPONENT = 0x7f80;

    private FiniteWeights() {}

    /** None of the bf16 values is NaN or infinite. */
    public static boolean allFinite(short[] values, int count) {
        int bad = 0;
        for (int i = 0; i < count; i++) {
            // an exponent of all ones carries into the sign's place, and nothing else does
            bad |= (values[i] & EXPONENT) + (1 << 7);
        }
        return (bad & (1 << 15)) == 0;
    }

    /** @throws ModelException {@code not-finite} that names the tensor */
    public static void require(Tensor tensor, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw refused(tensor.name());
            }
        }
    }

    /** Reads all of a table's rows. */
    public static void require(Tensor tensor) {
        for (long i = 0; i < tensor.elements(); i++) {
            if (!Float.isFinite(tensor.get(i))) {
                throw refused(tensor.name());
            }
        }
    }

    public static ModelException refused(String tensor) {
        return new ModelException(
                "not-finite",
                "Tensor " + tensor
                        + " holds NaN or infinite weights; download the checkpoint again, or use another one.");
    }
}
