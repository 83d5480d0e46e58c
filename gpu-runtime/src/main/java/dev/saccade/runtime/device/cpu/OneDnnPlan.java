package dev.saccade.runtime.device.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One shape of product, made ready for one thread: (rows, inputs) x (inputs, outputs), float32 out. Running it only sets
 * three addresses.
 */
final class OneDnnPlan {

    private static final int SOURCE = 1;
    private static final int DESTINATION = 17;
    private static final int WEIGHTS = 33;
    private static final int SCRATCHPAD = 80;
    private static final int ARGUMENTS = 4;

    private final OneDnn oneDnn;
    private final MemorySegment primitive;
    private final MemorySegment source;
    private final MemorySegment weights;
    private final MemorySegment destination;
    private final MemorySegment arguments;
    private final long weightBytes;

    /** @param arena the plan's own memory lives as long */
    OneDnnPlan(OneDnn oneDnn, Shape shape, Arena arena) {
        this.oneDnn = oneDnn;
        int type = shape.weights == Weights.FLOAT32 ? OneDnn.F32 : OneDnn.BF16;
        MemorySegment sourceShape = oneDnn.rowMajor(type, shape.rows, shape.inputs);
        MemorySegment wanted = shape.weights == Weights.PANELS
                ? oneDnn.panels(shape.inputs, shape.outputs)
                : oneDnn.anyLayout(type, shape.inputs, shape.outputs);
        MemorySegment destinationShape = oneDnn.rowMajor(OneDnn.F32, shape.rows, shape.outputs);
        MemorySegment plan = oneDnn.plan(sourceShape, wanted, destinationShape);
        MemorySegment weightShape = oneDnn.weights(plan);
        this.weightBytes = oneDnn.bytes(weightShape);
        this.primitive = oneDnn.primitive(plan);
        this.source = oneDnn.memory(sourceShape);
        this.weights = oneDnn.memory(weightShape);
        this.destination = oneDnn.memory(destinationShape);
        MemorySegment scratchShape = oneDnn.scratchpad(plan);
        MemorySegment scratch = oneDnn.memory(scratchShape);
        oneDnn.setData(scratch, arena.allocate(Math.max(64, oneDnn.bytes(scratchShape)), 64));
        this.arguments = arena.allocate(16L * ARGUMENTS, 8);
        argument(0, SOURCE, source);
        argument(1, WEIGHTS, weights);
        argument(2, DESTINATION, destination);
        argument(3, SCRATCHPAD, scratch);
    }

    /** Type of rows and weights, and layout of the weights. */
    enum Weights {
        /** bf16 as in {@link PackedMatrix}. */
        PANELS,
        /** bf16 in the layout that oneDNN likes best. */
        BFLOAT16,
        /** float32 in the layout that oneDNN likes best. */
        FLOAT32
    }

    /** @param outputs of one slice of the weights */
    record Shape(int rows, int inputs, int outputs, Weights weights) {}

    long weightBytes() {
        return weightBytes;
    }

    private void argument(int index, int name, MemorySegment memory) {
        arguments.set(JAVA_INT, 16L * index, name);
        arguments.set(ADDRESS, 16L * index + 8, memory);
    }

    /**
     * {@code out = x * panels}.
     *
     * @param x (rows, inputs)
     * @param panels the weights, {@link #weightBytes} bytes
     * @param out float32 (rows, outputs)
     */
    void run(MemorySegment x, MemorySegment panels, MemorySegment out) {
        oneDnn.setData(source, x);
        oneDnn.setData(weights, panels);
        oneDnn.setData(destination, out);
        oneDnn.execute(primitive, ARGUMENTS, arguments);
    }
}
