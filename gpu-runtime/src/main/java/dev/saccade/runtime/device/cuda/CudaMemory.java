package dev.saccade.runtime.device.cuda;

import java.lang.ref.Cleaner;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Who owns which device memory: weights and the cache until the device is closed, buffers until they are no longer
 * reachable. What the collector found is freed at the next allocation, by the thread that computes.
 */
final class CudaMemory {

    private static final Cleaner CLEANER = Cleaner.create();

    private final CudaContext context;
    private final Set<Long> allocations = new HashSet<>();
    private final Queue<Long> unreachable = new ConcurrentLinkedQueue<>();
    private long generation;

    CudaMemory(CudaContext context) {
        this.context = context;
    }

    /** Changes whenever memory came or went: what was recorded before may name memory that is gone. */
    long generation() {
        return generation;
    }

    /** Memory until the device is closed. */
    long allocate(long bytes, String purpose) {
        freeUnreachable();
        generation++;
        long address = context.allocate(bytes, purpose);
        allocations.add(address);
        return address;
    }

    /** More memory in place of some, whose values are lost; 0 is none. */
    long grow(long old, long bytes, String purpose) {
        if (old != 0) {
            free(old);
        }
        return allocate(bytes, purpose);
    }

    /** Zeroed, until neither the buffer nor a view of it is reachable. */
    CudaBuffer buffer(int values, boolean operand) {
        long bytes = (long) values * (operand ? Short.BYTES : Float.BYTES);
        long address = allocate(bytes, "activations");
        context.fillWithZeros(address, Math.max(bytes, 1));
        Object owner = new Object();
        Queue<Long> queue = unreachable;
        CLEANER.register(owner, () -> queue.add(address));
        return new CudaBuffer(owner, address, values, operand);
    }

    private void freeUnreachable() {
        for (Long address = unreachable.poll(); address != null; address = unreachable.poll()) {
            free(address);
        }
    }

    private void free(long address) {
        if (allocations.remove(address)) {
            context.free(address);
            generation++;
        }
    }

    void freeAll() {
        context.synchronize();
        allocations.forEach(context::free);
        allocations.clear();
    }
}
