package dev.saccade.runtime.device.cuda;

import static dev.saccade.runtime.device.cuda.CudaDriver.check;

import java.util.Arrays;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;

/** Times what runs on the device, by the device's own events. */
final class CudaClock implements AutoCloseable {

    private static final int WARM_UP = 3;
    private static final int ROUNDS = 7;

    private final CudaContext context;
    private final CUevent start = new CUevent();
    private final CUevent end = new CUevent();

    CudaClock(CudaContext context) {
        this.context = context;
        context.makeCurrent();
        check(JCudaDriver.cuEventCreate(start, CUevent_flags.CU_EVENT_DEFAULT), "create an event");
        check(JCudaDriver.cuEventCreate(end, CUevent_flags.CU_EVENT_DEFAULT), "create an event");
    }

    /**
     * Seconds of one run: the median of several rounds of {@code repeats} runs each, played from a graph, so that the host
     * keeps up with the shortest.
     */
    double seconds(int repeats, Runnable operation) {
        for (int i = 0; i < WARM_UP; i++) {
            operation.run();
        }
        CUgraphExec graph = context.record(() -> {
            for (int i = 0; i < repeats; i++) {
                operation.run();
            }
        });
        context.play(graph);
        double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            rounds[round] = once(graph) / repeats;
        }
        Arrays.sort(rounds);
        JCudaDriver.cuGraphExecDestroy(graph);
        return rounds[ROUNDS / 2];
    }

    private double once(CUgraphExec graph) {
        check(JCudaDriver.cuEventRecord(start, context.stream()), "record an event");
        context.play(graph);
        check(JCudaDriver.cuEventRecord(end, context.stream()), "record an event");
        check(JCudaDriver.cuEventSynchronize(end), "wait for an event");
        float[] milliseconds = new float[1];
        check(JCudaDriver.cuEventElapsedTime(milliseconds, start, end), "read the clock");
        return milliseconds[0] / 1e3;
    }

    @Override
    public void close() {
        context.makeCurrent();
        JCudaDriver.cuEventDestroy(start);
        JCudaDriver.cuEventDestroy(end);
    }
}
