package dev.saccade.runtime.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * How fast threads can read memory: the limit for decoding, which reads every weight once a step. It reads as many bytes as
 * the weights have, so that a model that fits the processor's cache is compared with reading from that cache.
 */
public final class ReadBandwidth implements AutoCloseable {

    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
    private static final int UNROLLED = 4;
    private static final int STEP_BYTES = UNROLLED * SPECIES.vectorByteSize();
    private static final long MOST_BYTES = 1L << 30;

    /** Read by one call at least, so that starting threads doesn't count. */
    private static final long BYTES_A_CALL = 4L << 30;

    private final Arena arena = Arena.ofShared();
    private final ExecutorService executor;
    private final List<MemorySegment> shares = new ArrayList<>();
    private final long bytes;
    private double best;
    private volatile long sink;

    /** @param bytes of memory to read; above 1 GiB no cache holds them and 1 GiB is read */
    public ReadBandwidth(long bytes, int threads) {
        long share = Math.max(STEP_BYTES, Math.min(bytes, MOST_BYTES) / threads / STEP_BYTES * STEP_BYTES);
        this.bytes = share * threads;
        this.executor = Executors.newFixedThreadPool(threads);
        MemorySegment memory = arena.allocate(this.bytes, 64);
        memory.fill((byte) 1); // untouched pages are all one page of zeros
        for (int i = 0; i < threads; i++) {
            shares.add(memory.asSlice(i * share, share));
        }
    }

    /** Reads for about a tenth of a second; the result is the best so far, in bytes a second. */
    public double measure() {
        long passes = Math.max(1, BYTES_A_CALL / bytes);
        long started = System.nanoTime();
        List<Future<Long>> reading = new ArrayList<>();
        for (MemorySegment share : shares) {
            reading.add(executor.submit(() -> read(share, passes)));
        }
        long sum = 0;
        for (Future<Long> one : reading) {
            sum += result(one);
        }
        sink = sum;
        best = Math.max(best, passes * bytes / ((System.nanoTime() - started) / 1e9));
        return best;
    }

    /** The best so far, in bytes a second. */
    public double best() {
        return best;
    }

    private static long result(Future<Long> reading) {
        try {
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading memory failed", e);
        }
    }

    private static long read(MemorySegment memory, long passes) {
        long sum = 0;
        for (long pass = 0; pass < passes; pass++) {
            sum += readOnce(memory);
        }
        return sum;
    }

    private static long readOnce(MemorySegment memory) {
        LongVector a = LongVector.zero(SPECIES);
        LongVector b = LongVector.zero(SPECIES);
        LongVector c = LongVector.zero(SPECIES);
        LongVector d = LongVector.zero(SPECIES);
        int width = SPECIES.vectorByteSize();
        for (long at = 0; at < memory.byteSize(); at += STEP_BYTES) {
            a = a.add(vector(memory, at));
            b = b.add(vector(memory, at + width));
            c = c.add(vector(memory, at + 2L * width));
            d = d.add(vector(memory, at + 3L * width));
        }
        return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
    }

    private static LongVector vector(MemorySegment memory, long at) {
        return LongVector.fromMemorySegment(SPECIES, memory, at, ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        executor.close();
        arena.close();
    }
}
