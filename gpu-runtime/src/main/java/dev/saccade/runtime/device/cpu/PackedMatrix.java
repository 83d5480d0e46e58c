package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Weights in panels of {@link #PANEL} outputs, so that a vector load feeds that many sums and each weight is read once
 * for all rows of a tile. Missing outputs of the last panel, and the missing half of an odd last pair, are zero.
 *
 * <pre>
 * bf16    (outputs / 32, inputs / 2, 32, 2)   an int lane holds inputs 2i (lower half) and 2i + 1 (upper half)
 * float32 (outputs / 32, inputs, 32)
 * </pre>
 *
 * @param data the panels, aligned to 64 bytes
 * @param mapped the same weights row-major as published, for {@link OneDnn}; empty where that isn't used
 */
record PackedMatrix(int outputs, int inputs, boolean bfloat16, MemorySegment data, List<Tensor> mapped)
        implements Matrix {

    static final int PANEL = 32;

    static int panels(int outputs) {
        return (outputs + PANEL - 1) / PANEL;
    }

    static long panelBytes(int inputs, boolean bfloat16) {
        return (bfloat16 ? (inputs + 1) / 2 : inputs) * (long) PANEL * 4;
    }

    int panels() {
        return panels(outputs);
    }

    long panelBytes() {
        return panelBytes(inputs, bfloat16);
    }
}
