package dev.saccade.runtime.device.cuda;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;

/**
 * Decode steps as CUDA graphs: one launch instead of seven a layer. A step is recorded when its shape comes a second time,
 * so that what libraries load at first use has been loaded; records are dropped when memory moves.
 */
final class StepGraphs {

    private record Shape(int rows, int pieces) {}

    private final CudaContext context;
    private final CudaMemory memory;
    private final Map<Shape, CUgraphExec> graphs = new HashMap<>();
    private final Set<Shape> seen = new HashSet<>();
    private long generation;

    StepGraphs(CudaContext context, CudaMemory memory) {
        this.context = context;
        this.memory = memory;
    }

    /** Runs the operations of a step that has rows of answers only, or plays back what they were. */
    void run(CudaStep step, Runnable operations) {
        if (generation != memory.generation()) {
            clear();
            generation = memory.generation();
        }
        Shape shape = new Shape(step.answers(), step.pieces());
        CUgraphExec graph = graphs.get(shape);
        if (graph == null && seen.add(shape)) {
            operations.run();
            return;
        }
        if (graph == null) {
            graph = context.record(operations);
            graphs.put(shape, graph);
        }
        context.play(graph);
    }

    void clear() {
        context.makeCurrent();
        graphs.values().forEach(JCudaDriver::cuGraphExecDestroy);
        graphs.clear();
        seen.clear();
    }
}
