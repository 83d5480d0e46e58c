package dev.saccade.runtime.device.cuda;

import static dev.saccade.runtime.device.cuda.CudaDriver.check;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/**
 * Page-locked memory through which values pass to the device without holding up the host, and back. What is uploaded lies
 * there one behind the other until the host has waited for the stream, so that a step's uploads wait for nothing.
 */
final class Staging implements AutoCloseable {

    private static final int BYTES = 8 << 20;
    private static final int ALIGNMENT = 64;

    private final CudaContext context;
    private final Pointer pinned = new Pointer();
    private final MemorySegment memory;
    private final CUevent taken = new CUevent(); // what was last uploaded has left the memory
    private long used; // by uploads that may be under way

    Staging(CudaContext context) {
        this.context = context;
        context.makeCurrent();
        check(JCudaDriver.cuMemHostAlloc(pinned, BYTES, 0), "page-locked memory of the host");
        this.memory = MemorySegment.ofBuffer(pinned.getByteBuffer(0, BYTES).order(ByteOrder.nativeOrder()));
        check(JCudaDriver.cuEventCreate(taken, CUevent_flags.CU_EVENT_DISABLE_TIMING), "create an event");
    }

    void upload(int[] values, int count, long address) {
        upload(MemorySegment.ofArray(values), 0, (long) count * Integer.BYTES, address);
    }

    void upload(float[] values, int from, int count, long address) {
        upload(MemorySegment.ofArray(values), (long) from * Float.BYTES, (long) count * Float.BYTES, address);
    }

    /** Rounds to bf16 on the way, to the nearest, ties to even. */
    void uploadRounded(float[] values, int from, int count, long address) {
        short[] rounded = new short[count];
        for (int i = 0; i < count; i++) {
            rounded[i] = Bfloat16.round(values[from + i]);
        }
        upload(MemorySegment.ofArray(rounded), 0, (long) count * Short.BYTES, address);
    }

    private void upload(MemorySegment source, long from, long bytes, long address) {
        context.makeCurrent();
        for (long done = 0; done < bytes; done += BYTES) {
            long part = Math.min(BYTES, bytes - done);
            if (used + part > BYTES) {
                check(JCudaDriver.cuEventSynchronize(taken), "wait for an upload");
                used = 0;
            }
            MemorySegment.copy(source, from + done, memory, used, part);
            check(
                    JCudaDriver.cuMemcpyHtoDAsync(
                            CudaDriver.pointer(address + done), pinned.withByteOffset(used), part, context.stream()),
                    "upload");
            used += Math.ceilDiv(part, ALIGNMENT) * ALIGNMENT;
            check(JCudaDriver.cuEventRecord(taken, context.stream()), "record an event");
        }
    }

    /** Waits for what has been asked for, and the values. */
    void download(long address, int count, float[] target) {
        download(address, (long) count * Float.BYTES, MemorySegment.ofArray(target));
    }

    void download(long address, int count, int[] target) {
        download(address, (long) count * Integer.BYTES, MemorySegment.ofArray(target));
    }

    void download(long address, int count, long[] target) {
        download(address, (long) count * Long.BYTES, MemorySegment.ofArray(target));
    }

    void downloadWidened(long address, int count, float[] target) {
        short[] values = new short[count];
        download(address, (long) count * Short.BYTES, MemorySegment.ofArray(values));
        for (int i = 0; i < count; i++) {
            target[i] = Bfloat16.widen(values[i]);
        }
    }

    private void download(long address, long bytes, MemorySegment target) {
        context.makeCurrent();
        for (long done = 0; done < bytes; done += BYTES) {
            long part = Math.min(BYTES, bytes - done);
            check(
                    JCudaDriver.cuMemcpyDtoHAsync(pinned, CudaDriver.pointer(address + done), part, context.stream()),
                    "download");
            context.synchronize();
            used = 0;
            MemorySegment.copy(memory, 0, target, done, part);
        }
    }

    @Override
    public void close() {
        context.makeCurrent();
        JCudaDriver.cuEventDestroy(taken);
        JCudaDriver.cuMemFreeHost(pinned);
    }
}
