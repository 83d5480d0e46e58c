package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.FiniteWeights;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.device.StagedRows;
import dev.saccade.runtime.device.Table;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the model on the processor. Activations are Java arrays; weights lie outside the heap, in bf16 or float32; sums
 * are float32. Keys and values are kept in bf16 in {@link Precision#BFLOAT16}, which halves what a step reads.
 */
public final class CpuDevice implements Device {

    /** Weights from which packing takes longer than a moment. */
    private static final long LARGE_MODEL = 100_000_000;

    /** Rows of queries up to which rounding them costs more than tiles gain: wider than the demo model's. */
    private static final int WIDEST_IN_JAVA = 512;

    private final boolean bfloat16;
    private final int widestInJava;
    private final @Nullable PackFolder packs;
    private final Arena arena = Arena.ofShared();
    private final ComputePool pool;
    private final RowOperations rowOperations;
    private final PagedAttention pagedAttention;
    private final SegmentAttention segmentAttention;
    private final @Nullable AmxAttention tileAttention;
    private final Products products;
    private @Nullable Thread warmup;
    private volatile boolean closed;

    /** @param threads threads that compute, the caller included; 0 takes all processors */
    public CpuDevice(Precision precision, int threads) {
        this(precision, threads, true, null, null);
    }

    /**
     * @param batchInvariant a row's bits don't depend on how many answers share its step
     * @param packs keeps packed weights on disk; closed with the device
     * @param kernels for tests: used for all weights in bf16, however small
     */
    CpuDevice(
            Precision precision,
            int threads,
            boolean batchInvariant,
            @Nullable PackFolder packs,
            @Nullable ProductKernels kernels) {
        this.packs = packs;
        this.bfloat16 = precision == Precision.BFLOAT16;
        this.pool = new ComputePool(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
        this.rowOperations = new RowOperations(pool);
        this.pagedAttention = new PagedAttention(pool);
        this.segmentAttention = new SegmentAttention(pool);
        AmxKernels amx = bfloat16 && (kernels == null || kernels == ProductKernels.AMX) ? AmxKernels.get() : null;
        this.tileAttention = amx == null ? null : new AmxAttention(amx, pool, arena);
        this.widestInJava = kernels == null ? WIDEST_IN_JAVA : 0;
        this.products = new Products(pool, arena, batchInvariant, kernels);
    }

    /** For a checkpoint's weights, which are kept packed on disk where they are large. */
    public static CpuDevice forCheckpoint(Checkpoint checkpoint, EngineOptions options) {
        boolean large = checkpoint.parameters() >= LARGE_MODEL && options.precision() == Precision.BFLOAT16;
        PackFolder packs = large ? PackFolder.of(checkpoint.weightsIdentity()) : null;
        return new CpuDevice(options.precision(), options.computeThreads(), options.batchInvariant(), packs, null);
    }

    /**
     * Has the kernels compiled in the background, so that the first request need not wait for it.
     *
     * @param more is warmed up behind them, until it is told to stop
     */
    public void warmUp(Consumer<BooleanSupplier> more) {
        Precision precision = bfloat16 ? Precision.BFLOAT16 : Precision.FLOAT32;
        warmup = Thread.ofPlatform().daemon().name("saccade-warm-up").start(() -> {
            try (CpuDevice scratch = new CpuDevice(precision, 1)) {
                Warmup.run(scratch, () -> closed);
                more.accept(() -> closed);
            }
        });
    }

    @Override
    public Matrix matrix(List<Tensor> stacked) {
        PackedMatrix matrix;
        if (packs != null) {
            matrix = packs.matrix(stacked, pool, arena);
        } else {
            MatrixPacker packer = new MatrixPacker(stacked, bfloat16);
            matrix = packer.packInto(arena.allocate(packer.bytes(), 64), pool);
        }
        products.prepare(matrix);
        return matrix;
    }

    @Override
    public Table table(Tensor tensor) {
        if (packs != null) {
            packs.requireFinite(tensor);
        } else {
            FiniteWeights.require(tensor);
        }
        return new CpuTable(tensor);
    }

    @Override
    public DeviceBuffer vector(List<Tensor> parts) {
        float[] values = new float
                [parts.stream()
                        .mapToInt(part -> Math.toIntExact(part.elements()))
                        .sum()];
        int at = 0;
        for (Tensor part : parts) {
            float[] floats = part.toFloats();
            FiniteWeights.require(part, floats);
            System.arraycopy(floats, 0, values, at, floats.length);
            at += floats.length;
        }
        return new CpuBuffer(values);
    }

    @Override
    public DeviceBuffer allocate(int floats) {
        return new CpuBuffer(new float[floats]);
    }

    @Override
    public DeviceBuffer operand(int values) {
        return allocate(values);
    }

    @Override
    public StagedRows stage(PagedRows rows, RowKinds kinds) {
        return rows;
    }

    @Override
    public long keyValueBlockBytes(int layers, Heads heads) {
        return CpuKeyValueCache.blockBytes(bfloat16, layers, heads.keyValue(), heads.size());
    }

    @Override
    public KeyValueCache keyValueCache(int layers, Heads heads, int blocks) {
        return CpuKeyValueCache.create(arena, bfloat16, layers, heads.keyValue(), heads.size(), blocks);
    }

    @Override
    public void copyBlock(KeyValueCache cache, int source, int target) {
        ((CpuKeyValueCache) cache).copyBlock(source, target);
    }

    @Override
    public void write(float[] source, int from, int floats, DeviceBuffer target) {
        CpuBuffer to = CpuBuffer.of(target);
        System.arraycopy(source, from, to.values(), to.offset(), floats);
    }

    @Override
    public void read(DeviceBuffer source, int floats, float[] target) {
        CpuBuffer from = CpuBuffer.of(source);
        System.arraycopy(from.values(), from.offset(), target, 0, floats);
    }

    @Override
    public void lookUp(Table table, int[] ids, DeviceBuffer out) {
        CpuBuffer target = CpuBuffer.of(out);
        CpuTable source = (CpuTable) table;
        for (int i = 0; i < ids.length; i++) {
            source.copyRow(ids[i], target.values(), target.offset() + i * table.width());
        }
    }

    @Override
    public void copyRows(DeviceBuffer source, int[] sourceRows, DeviceBuffer target, int[] targetRows, int width) {
        CpuBuffer from = CpuBuffer.of(source);
        CpuBuffer to = CpuBuffer.of(target);
        for (int i = 0; i < sourceRows.length; i++) {
            System.arraycopy(
                    from.values(),
                    from.offset() + sourceRows[i] * width,
                    to.values(),
                    to.offset() + targetRows[i] * width,
                    width);
        }
    }

    @Override
    public void addAndNormalize(
            DeviceBuffer hidden,
            @Nullable DeviceBuffer delta,
            DeviceBuffer weight,
            float epsilon,
            int rows,
            DeviceBuffer out) {
        CpuBuffer added = delta == null ? null : CpuBuffer.of(delta);
        rowOperations.addAndNormalize(
                CpuBuffer.of(hidden), added, CpuBuffer.of(weight), epsilon, rows, CpuBuffer.of(out));
    }

    @Override
    public void linear(DeviceBuffer x, RowKinds rows, Matrix weights, @Nullable DeviceBuffer bias, DeviceBuffer out) {
        float[] added = bias == null ? null : CpuBuffer.of(bias).values();
        products.multiply((PackedMatrix) weights, CpuBuffer.of(x), rows, added, CpuBuffer.of(out));
    }

    @Override
    public void swiglu(DeviceBuffer gateUp, int rows, int width, DeviceBuffer out) {
        rowOperations.swiglu(CpuBuffer.of(gateUp), rows, width, CpuBuffer.of(out));
    }

    @Override
    public void gelu(DeviceBuffer x, int floats) {
        rowOperations.gelu(CpuBuffer.of(x), floats);
    }

    @Override
    public void rotate(DeviceBuffer qkv, int rows, Heads heads, DeviceBuffer cosSin) {
        rowOperations.rotate(CpuBuffer.of(qkv), rows, heads, CpuBuffer.of(cosSin));
    }

    @Override
    public void rotateAndCache(
            DeviceBuffer qkv, Heads heads, DeviceBuffer cosSin, KeyValueCache cache, int layer, StagedRows rows) {
        rowOperations.rotateAndCache(
                CpuBuffer.of(qkv), heads, CpuBuffer.of(cosSin), (CpuKeyValueCache) cache, layer, (PagedRows) rows);
    }

    @Override
    public void pagedAttention(
            DeviceBuffer qkv, Heads heads, KeyValueCache cache, int layer, StagedRows rows, DeviceBuffer out) {
        pagedAttention.attend(
                CpuBuffer.of(qkv), heads, (CpuKeyValueCache) cache, layer, (PagedRows) rows, CpuBuffer.of(out));
    }

    @Override
    public void segmentAttention(DeviceBuffer qkv, Heads heads, int[] boundaries, DeviceBuffer out) {
        boolean ownKeys = heads.query() == heads.keyValue();
        if (tileAttention != null && ownKeys && heads.queryWidth() > widestInJava) {
            tileAttention.attend(CpuBuffer.of(qkv), heads, boundaries, CpuBuffer.of(out));
        } else {
            segmentAttention.attend(CpuBuffer.of(qkv), heads, boundaries, CpuBuffer.of(out));
        }
    }

    @Override
    public void close() {
        closed = true;
        if (warmup != null) {
            Threads.join(warmup);
        }
        pool.close();
        if (packs != null) {
            packs.close();
        }
        arena.close();
    }
}
