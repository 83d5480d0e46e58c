package dev.saccade.runtime.device.cpu;

import static dev.saccade.runtime.device.cpu.Lanes.INTS;
import static dev.saccade.runtime.device.cpu.Lanes.ORDER;
import static dev.saccade.runtime.device.cpu.Lanes.WIDTH;

import dev.saccade.runtime.device.Matrix;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;

/** Reads a matrix's weights and does nothing with them: the limit of what a decode kernel can reach. */
public final class WeightReading implements AutoCloseable {

    private static final int VECTOR = 4 * WIDTH;

    private final PackedMatrix matrix;
    private final ComputePool pool;
    private final ComputePool.Body front = (worker, from, to) -> {
        for (int group = from; group < to; group++) {
            keep(oneStream(group));
        }
    };
    private final ComputePool.Body side = (worker, from, to) -> {
        for (int group = from; group < to; group++) {
            keep(eightStreams(group));
        }
    };
    private volatile int kept;

    /** @param matrix of a CPU device */
    public WeightReading(Matrix matrix, int threads) {
        this.matrix = (PackedMatrix) matrix;
        this.pool = new ComputePool(threads);
    }

    public long bytes() {
        return matrix.data().byteSize();
    }

    /** Reads everything once, each thread its region from front to back. */
    public void frontToBack() {
        pool.loop(matrix.groups(), Long.MAX_VALUE / matrix.groups(), front);
    }

    /** Reads everything once, each thread at eight places of its region in turn, which keeps more reads in flight. */
    public void sideBySide() {
        pool.loop(matrix.groups(), Long.MAX_VALUE / matrix.groups(), side);
    }

    private void keep(int sum) {
        if (sum == 1) {
            kept = sum; // so that the compiler can't drop the reads
        }
    }

    private int oneStream(int group) {
        MemorySegment data = matrix.data();
        long end = matrix.groupAt(group) + PackedMatrix.GROUP * matrix.panelBytes();
        IntVector a = IntVector.zero(INTS);
        IntVector b = a;
        IntVector c = a;
        IntVector d = a;
        for (long at = matrix.groupAt(group); at < end; at += 4L * VECTOR) {
            a = a.add(IntVector.fromMemorySegment(INTS, data, at, ORDER));
            b = b.add(IntVector.fromMemorySegment(INTS, data, at + VECTOR, ORDER));
            c = c.add(IntVector.fromMemorySegment(INTS, data, at + 2 * VECTOR, ORDER));
            d = d.add(IntVector.fromMemorySegment(INTS, data, at + 3 * VECTOR, ORDER));
        }
        return a.add(b).add(c.add(d)).lane(0);
    }

    /** Two places in each panel of the group. */
    private int eightStreams(int group) {
        MemorySegment data = matrix.data();
        long panel = matrix.panelBytes();
        long half = panel / 2;
        long from = matrix.groupAt(group);
        IntVector a = IntVector.zero(INTS);
        IntVector b = a;
        for (long at = from; at < from + half; at += VECTOR) {
            for (int i = 0; i < PackedMatrix.GROUP; i++) {
                a = a.add(IntVector.fromMemorySegment(INTS, data, at + i * panel, ORDER));
                b = b.add(IntVector.fromMemorySegment(INTS, data, at + i * panel + half, ORDER));
            }
        }
        return a.add(b).lane(0);
    }

    @Override
    public void close() {
        pool.close();
    }
}
