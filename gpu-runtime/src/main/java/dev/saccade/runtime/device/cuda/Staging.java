package dev.saccade.runtime.device.cuda;

import static dev.saccade.runtime.device.cuda.CudaDriver.check;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.JCudaDriver;

/**
 * Page-locked memory through which values pass to the device without holding up the host or the kernels, and back. What is
 * uploaded crosses the bus on a stream of its own while kernels of earlier steps still run, and waits on the device; its place
 * may still be read there, so it is copied to it behind those kernels, on their stream.
 *
 * <p>The memory is filled half by half: the host waits only where the device has not yet taken what a half held before.
 */
final class Staging implements AutoCloseable {

    private static final int HALF_BYTES = 4 << 20;
    private static final int BYTES = 2 * HALF_BYTES;
    private static final int ALIGNMENT = 256;

    private final CudaContext context;
    private final Stream uploads;
    private final Pointer pinned = new Pointer();
    private final MemorySegment memory;
    private final long arrivals; // device memory, laid out as the page-locked memory is
    private final CUevent arrived = newEvent();
    private final CUevent[] taken = {newEvent(), newEvent()}; // all that each half held before
    private int half;
    private long used; // of the half

    Staging(CudaContext context) {
        this.context = context;
        this.uploads = context.newStream();
        check(JCudaDriver.cuMemHostAlloc(pinned, BYTES, 0), "page-locked memory of the host");
        this.memory = MemorySegment.ofBuffer(pinned.getByteBuffer(0, BYTES).order(ByteOrder.nativeOrder()));
        this.arrivals = context.allocate(BYTES, "uploads");
        context.synchronize(); // the other stream uses it
    }

    private static CUevent newEvent() {
        CUevent event = new CUevent();
        check(JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "create an event");
        return event;
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
        for (long done = 0; done < bytes; done += HALF_BYTES) {
            long part = Math.min(HALF_BYTES, bytes - done);
            long place = room(part);
            MemorySegment.copy(source, from + done, memory, place, part);
            check(
                    JCudaDriver.cuMemcpyHtoDAsync(
                            CudaDriver.pointer(arrivals + place), pinned.withByteOffset(place), part, uploads),
                    "upload");
            check(JCudaDriver.cuEventRecord(arrived, uploads), "record an event");
            check(JCudaDriver.cuStreamWaitEvent(context.stream(), arrived, 0), "wait for an upload");
            check(
                    JCudaDriver.cuMemcpyDtoDAsync(
                            CudaDriver.pointer(address + done),
                            CudaDriver.pointer(arrivals + place),
                            part,
                            context.stream()),
                    "copy an upload to its place");
        }
    }

    private long room(long bytes) {
        if (used + bytes > HALF_BYTES) {
            check(JCudaDriver.cuEventRecord(taken[half], context.stream()), "record an event");
            half = 1 - half;
            check(JCudaDriver.cuEventSynchronize(taken[half]), "wait for an upload");
            used = 0;
        }
        long place = (long) half * HALF_BYTES + used;
        used += Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
        return place;
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
        JCudaDriver.cuEventDestroy(arrived);
        for (CUevent event : taken) {
            JCudaDriver.cuEventDestroy(event);
        }
        JCudaDriver.cuStreamDestroy(uploads);
        JCudaDriver.cuMemFreeHost(pinned);
        context.free(arrivals);
    }
}
