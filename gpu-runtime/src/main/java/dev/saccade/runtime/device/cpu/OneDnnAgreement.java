package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.OneDnnProduct.BLOCK_ROWS;
import static dev.saccade.runtime.device.cpu.OneDnnProduct.SLICE;
import static dev.saccade.runtime.device.cpu.OneDnnProduct.SMALL_BLOCK_ROWS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/**
 * Finds out whether blocks of few rows give the same bits as blocks of many on this processor, by trying both on random
 * rows, once for each shape of weights.
 */
final class OneDnnAgreement {

    private final Function<OneDnnPlan.Shape, OneDnnPlan> plans;
    private final Map<OneDnnPlan.Shape, Boolean> known = new HashMap<>();

    OneDnnAgreement(Function<OneDnnPlan.Shape, OneDnnPlan> plans) {
        this.plans = plans;
    }

    /** Both sizes of slices of these weights agree. */
    boolean of(PackedMatrix weights) {
        int whole = weights.outputs() / SLICE;
        int rest = weights.outputs() % SLICE;
        return (whole == 0 || of(weights, 0, SLICE)) && (rest == 0 || of(weights, whole * SLICE, rest));
    }

    private boolean of(PackedMatrix weights, int column, int count) {
        OneDnnPlan.Shape many = new OneDnnPlan.Shape(BLOCK_ROWS, weights.inputs(), count, OneDnnPlan.Weights.PANELS);
        return known.computeIfAbsent(
                many,
                shape -> agree(shape, weights.data().asSlice(weights.groupAt(column / PackedMatrix.GROUP_OUTPUTS))));
    }

    private boolean agree(OneDnnPlan.Shape many, MemorySegment panels) {
        int inputs = many.inputs();
        long resultBytes = 4L * SMALL_BLOCK_ROWS * many.outputs();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment x = arena.allocate(2L * BLOCK_ROWS * inputs, 64);
            Random random = new Random(inputs);
            for (int i = 0; i < BLOCK_ROWS * inputs; i++) {
                x.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) Lanes.toBfloat16((float) random.nextGaussian()));
            }
            MemorySegment expected = arena.allocate(4L * BLOCK_ROWS * many.outputs(), 64);
            plans.apply(many).run(x, panels, expected);
            OneDnnPlan few = plans.apply(
                    new OneDnnPlan.Shape(SMALL_BLOCK_ROWS, inputs, many.outputs(), OneDnnPlan.Weights.PANELS));
            MemorySegment found = arena.allocate(resultBytes, 64);
            for (int block = 0; block < BLOCK_ROWS / SMALL_BLOCK_ROWS; block++) {
                few.run(x.asSlice(2L * block * SMALL_BLOCK_ROWS * inputs), panels, found);
                if (found.mismatch(expected.asSlice(block * resultBytes, resultBytes)) != -1) {
                    return false;
                }
            }
            return true;
        }
    }
}
