package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.PagedRows;
import org.jspecify.annotations.Nullable;

/**
 * The operations that treat each row by itself, shared over the pool's threads. What they work on lies in fields that are
 * refilled for each call, so that a steady step allocates nothing. For one calling thread.
 */
final class RowOperations {

    /** Multiply-adds that an exponential takes the time of. */
    private static final long EXPONENTIAL = 16;

    private final ComputePool pool;
    private final ComputePool.Body normalizing = this::normalizeRows;
    private final ComputePool.Body gating = this::gateRows;
    private final ComputePool.Body activating = this::activate;
    private final ComputePool.Body rotating = this::rotateRows;
    private final ComputePool.Body caching = this::cacheHeads;
    private final Call call = new Call();

    @SuppressWarnings("NullAway.Init") // filled before it is read
    private static final class Call {
        CpuBuffer x;

        @Nullable
        CpuBuffer delta;

        CpuBuffer weight;
        float epsilon;
        CpuBuffer out;
        int width;
        Heads heads;
        CpuBuffer cosSin;
        CpuKeyValueCache cache;
        int layer;
        PagedRows rows;
    }

    RowOperations(ComputePool pool) {
        this.pool = pool;
    }

    void addAndNormalize(
            CpuBuffer hidden, @Nullable CpuBuffer delta, CpuBuffer weight, float epsilon, int rows, CpuBuffer out) {
        call.x = hidden;
        call.delta = delta;
        call.weight = weight;
        call.epsilon = epsilon;
        call.out = out;
        pool.loop(rows, 4L * weight.floats(), normalizing);
    }

    private void normalizeRows(int worker, int from, int to) {
        CpuBuffer x = call.x;
        CpuBuffer delta = call.delta;
        CpuBuffer weight = call.weight;
        CpuBuffer out = call.out;
        int width = weight.floats();
        for (int row = from; row < to; row++) {
            int at = x.offset() + row * width;
            if (delta != null) {
                RowKernels.add(x.values(), at, delta.values(), delta.offset() + row * width, width);
            }
            int target = out.offset() + row * width;
            RowKernels.normalize(
                    x.values(), at, weight.values(), weight.offset(), width, call.epsilon, out.values(), target);
        }
    }

    void swiglu(CpuBuffer gateUp, int rows, int width, CpuBuffer out) {
        call.x = gateUp;
        call.width = width;
        call.out = out;
        pool.loop(rows, EXPONENTIAL * width, gating);
    }

    private void gateRows(int worker, int from, int to) {
        CpuBuffer x = call.x;
        CpuBuffer out = call.out;
        int width = call.width;
        for (int row = from; row < to; row++) {
            RowKernels.swiglu(
                    x.values(), x.offset() + row * 2 * width, width, out.values(), out.offset() + row * width);
        }
    }

    void gelu(CpuBuffer x, int floats) {
        call.x = x;
        pool.loop(floats, EXPONENTIAL, activating);
    }

    private void activate(int worker, int from, int to) {
        RowKernels.gelu(call.x.values(), call.x.offset() + from, to - from);
    }

    void rotate(CpuBuffer qkv, int rows, Heads heads, CpuBuffer cosSin) {
        call.x = qkv;
        call.heads = heads;
        call.cosSin = cosSin;
        pool.loop(rows, 2L * heads.valueOffset(), rotating);
    }

    private void rotateRows(int worker, int from, int to) {
        CpuBuffer x = call.x;
        CpuBuffer cosSin = call.cosSin;
        Heads heads = call.heads;
        for (int row = from; row < to; row++) {
            int at = x.offset() + row * heads.rowWidth();
            int tableAt = cosSin.offset() + row * heads.size();
            for (int head = 0; head < heads.query() + heads.keyValue(); head++) {
                RowKernels.rotate(x.values(), at + head * heads.size(), heads.size(), cosSin.values(), tableAt);
            }
        }
    }

    void rotateAndCache(
            CpuBuffer qkv, Heads heads, CpuBuffer cosSin, CpuKeyValueCache cache, int layer, PagedRows rows) {
        rotate(qkv, rows.rows(), heads, cosSin);
        call.cache = cache;
        call.layer = layer;
        call.rows = rows;
        pool.loop(heads.keyValue(), 8L * rows.rows() * heads.size(), caching);
    }

    /** Two tokens share the words of a value, so that a head is written by one thread. */
    private void cacheHeads(int worker, int from, int to) {
        float[] x = call.x.values();
        int[] slots = call.rows.slots();
        for (int head = from; head < to; head++) {
            int at = call.x.offset() + head * call.heads.size();
            for (int slot : slots) {
                call.cache.put(
                        call.layer, slot, head, x, at + call.heads.keyOffset(), x, at + call.heads.valueOffset());
                at += call.heads.rowWidth();
            }
        }
    }
}
