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
        repeat(WARM_UP, operation);
        CUgraphExec graph = context.record(() -> repeat(repeats, operation));
        context.play(graph);
        double seconds = median(() -> context.play(graph)) / repeats;
        JCudaDriver.cuGraphExecDestroy(graph);
        return seconds;
    }

    /** Of an operation that waits for the device itself: the host's part counts too. */
    double secondsWithTheHost(int repeats, Runnable operation) {
        repeat(WARM_UP, operation);
        return median(() -> repeat(repeats, operation)) / repeats;
    }

    private static void repeat(int times, Runnable operation) {
        for (int i = 0; i < times; i++) {
            operation.run();
        }
    }

    private double median(Runnable work) {
        double[] rounds = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            rounds[round] = once(work);
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private double once(Runnable work) {
        check(JCudaDriver.cuEventRecord(start, context.stream()), "record an event");
        work.run();
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
