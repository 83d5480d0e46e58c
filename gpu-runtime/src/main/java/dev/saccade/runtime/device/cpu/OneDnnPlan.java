package dev.saccade.runtime.device.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One shape of product, made ready for one thread: (rows, inputs) x (inputs, outputs), bf16 in, float32 out. Running it
 * only sets three addresses.
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

    /** @param arena the plan's own memory lives as long */
    OneDnnPlan(OneDnn oneDnn, Shape shape, Arena arena) {
        this.oneDnn = oneDnn;
        MemorySegment sourceShape = oneDnn.rowMajor(OneDnn.BF16, shape.rows, shape.inputs);
        MemorySegment weightShape = oneDnn.panels(shape.inputs, shape.outputs);
        MemorySegment destinationShape = oneDnn.rowMajor(OneDnn.F32, shape.rows, shape.outputs);
        MemorySegment plan = oneDnn.plan(sourceShape, weightShape, destinationShape);
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

    /** @param outputs of one slice of the weights */
    record Shape(int rows, int inputs, int outputs) {}

    private void argument(int index, int name, MemorySegment memory) {
        arguments.set(JAVA_INT, 16L * index, name);
        arguments.set(ADDRESS, 16L * index + 8, memory);
    }

    /**
     * {@code out = x * panels}.
     *
     * @param x bf16 (rows, inputs)
     * @param panels bf16 panels as in {@link PackedMatrix}
     * @param out float32 (rows, outputs)
     */
    void run(MemorySegment x, MemorySegment panels, MemorySegment out) {
        oneDnn.setData(source, x);
        oneDnn.setData(weights, panels);
        oneDnn.setData(destination, out);
        oneDnn.execute(primitive, ARGUMENTS, arguments);
    }
}
