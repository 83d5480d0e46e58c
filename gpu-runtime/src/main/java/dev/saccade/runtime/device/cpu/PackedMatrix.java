package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.device.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * Weights in panels of {@link #PANEL} outputs, so that one vector load feeds that many sums. A panel's inputs follow each
 * other, so that reading it is one stream; {@link #GROUP} panels are worked on together. Outputs are filled up with zeros
 * to whole groups, inputs in bf16 to {@link #INPUTS}.
 *
 * <pre>
 * bf16    (outputs / 16, inputs / 2, 16, 2)   an int lane holds inputs 2i (lower half) and 2i + 1 (upper half)
 * float32 (outputs / 16, inputs, 16)
 * </pre>
 *
 * The bf16 panels are what oneDNN calls {@code BA16a16b2a}.
 *
 * @param data the panels, aligned to 64 bytes
 */
record PackedMatrix(int outputs, int inputs, boolean bfloat16, MemorySegment data) implements Matrix {

    static final PackedMatrix NONE = new PackedMatrix(0, 0, true, MemorySegment.NULL);

    static final int PANEL = 16;

    /** Panels of a group. */
    static final int GROUP = 4;

    /** Outputs of a group. */
    static final int GROUP_OUTPUTS = GROUP * PANEL;

    /** Inputs of a bf16 panel are a multiple of this. */
    static final int INPUTS = 32;

    static int groups(int outputs) {
        return Math.ceilDiv(outputs, GROUP_OUTPUTS);
    }

    static long panelBytes(int inputs, boolean bfloat16) {
        return bfloat16 ? Math.ceilDiv(inputs, INPUTS) * INPUTS * 2L * PANEL : inputs * 4L * PANEL;
    }

    static long bytes(int outputs, int inputs, boolean bfloat16) {
        return groups(outputs) * GROUP * panelBytes(inputs, bfloat16);
    }

    int groups() {
        return groups(outputs);
    }

    long panelBytes() {
        return panelBytes(inputs, bfloat16);
    }

    /** Where a group begins in {@link #data}. */
    long groupAt(int group) {
        return group * GROUP * panelBytes();
    }

    /** Real outputs of a group: fewer than {@link #GROUP_OUTPUTS} in the last. */
    int outputsOf(int group) {
        return Math.min(GROUP_OUTPUTS, outputs - group * GROUP_OUTPUTS);
    }
}
