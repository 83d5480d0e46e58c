package dev.saccade.runtime.device.cuda;

import static dev.saccade.runtime.device.cuda.CudaDriver.check;

import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.FiniteWeights;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/**
 * Copies a checkpoint's tensors to the device in bf16: pieces of the mapped files are checked and copied by several threads
 * at once, each through page-locked memory of its own.
 */
final class WeightUpload implements AutoCloseable {

    private static final int PIECE_VALUES = 8 << 20;
    private static final int MOST_THREADS = 8;

    private final CudaContext context;
    private final ExecutorService threads;
    private final List<Lane> lanes = new ArrayList<>();

    /** What one thread copies through. */
    private record Lane(short[] values, Pointer pinned, MemorySegment memory, Stream stream) {}

    WeightUpload(CudaContext context) {
        this.context = context;
        int count = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS);
        this.threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name("saccade-upload-", 0).factory());
        context.makeCurrent();
        for (int i = 0; i < count; i++) {
            Pointer pinned = new Pointer();
            check(JCudaDriver.cuMemHostAlloc(pinned, (long) PIECE_VALUES * Short.BYTES, 0), "page-locked memory");
            Stream stream = new Stream();
            check(JCudaDriver.cuStreamCreate(stream, 1), "create a stream");
            MemorySegment memory = MemorySegment.ofBuffer(pinned.getByteBuffer(0, (long) PIECE_VALUES * Short.BYTES));
            lanes.add(new Lane(new short[PIECE_VALUES], pinned, memory, stream));
        }
    }

    /**
     * Copies tensors one behind the other.
     *
     * @throws dev.saccade.runtime.ModelException {@code not-finite} that names the tensor
     */
    void copy(List<Tensor> tensors, long address) {
        context.synchronize(); // the memory was asked for on another stream
        List<Future<?>> pieces = new ArrayList<>();
        long target = address;
        int next = 0;
        List<List<Runnable>> work = new ArrayList<>();
        lanes.forEach(lane -> work.add(new ArrayList<>()));
        for (Tensor tensor : tensors) {
            for (long from = 0; from < tensor.elements(); from += PIECE_VALUES) {
                int count = (int) Math.min(PIECE_VALUES, tensor.elements() - from);
                long first = from;
                long to = target + from * Short.BYTES;
                Lane lane = lanes.get(next);
                work.get(next).add(() -> copy(tensor, first, count, lane, to));
                next = (next + 1) % lanes.size();
            }
            target += tensor.elements() * Short.BYTES;
        }
        for (List<Runnable> ofLane : work) {
            pieces.add(threads.submit(() -> {
                context.enter();
                ofLane.forEach(Runnable::run);
            }));
        }
        pieces.forEach(WeightUpload::await);
    }

    private static void await(Future<?> piece) {
        try {
            piece.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while weights are copied", e);
        }
    }

    private static void copy(Tensor tensor, long from, int count, Lane lane, long target) {
        short[] values = lane.values();
        if (tensor.dtype() == DType.BF16) {
            MemorySegment.copy(tensor.data(), ValueLayout.JAVA_SHORT_UNALIGNED, from * Short.BYTES, values, 0, count);
        } else {
            for (int i = 0; i < count; i++) {
                values[i] = Bfloat16.round(tensor.get(from + i));
            }
        }
        if (!FiniteWeights.allFinite(values, count)) {
            throw FiniteWeights.refused(tensor.name());
        }
        MemorySegment.copy(values, 0, lane.memory(), ValueLayout.JAVA_SHORT, 0, count);
        check(
                JCudaDriver.cuMemcpyHtoDAsync(
                        CudaDriver.pointer(target), lane.pinned(), (long) count * Short.BYTES, lane.stream()),
                "copy " + tensor.name());
        check(JCudaDriver.cuStreamSynchronize(lane.stream()), "copy " + tensor.name());
    }

    @Override
    public void close() {
        threads.close();
        context.makeCurrent();
        for (Lane lane : lanes) {
            JCudaDriver.cuStreamDestroy(lane.stream());
            JCudaDriver.cuMemFreeHost(lane.pinned());
        }
    }
}
