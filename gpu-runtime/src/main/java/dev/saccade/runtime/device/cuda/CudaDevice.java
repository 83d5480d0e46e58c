package dev.saccade.runtime.device.cuda;

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
import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.device.TokenMeasure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Runs the model on an NVIDIA GPU, in bf16 with float32 sums. Operations are put on one stream, uploads on another; only {@link #read}
 * and {@link #draw} wait.
 *
 * <p>A row's bits depend on nothing but the row as long as a step has up to 16 of them; cuBLAS, which multiplies more,
 * chooses its order of sums by their number.
 */
public final class CudaDevice implements Device {

    private static final int PLAIN_THREADS = 256;
    private static final int NORM_THREADS = 512;

    private final CudaContext context;
    private final CudaMemory memory;
    private final Staging staging;
    private final WeightUpload upload;
    private final Cublas cublas;
    private final CudaProducts products;
    private final CudaAttention attention;
    private final StepStaging steps;
    private final StepStaging lists;
    private final List<SegmentTiles> segments;
    private final StepGraphs graphs;
    private final TokenDraws draws;
    private @Nullable Heads heads;

    /** @throws dev.saccade.runtime.DeviceException {@code no-device} or {@code unsupported-device}, saying what is missing */
    public CudaDevice() {
        this.context = new CudaContext();
        this.memory = new CudaMemory(context);
        this.staging = new Staging(context);
        this.upload = new WeightUpload(context);
        this.cublas = new Cublas(context.stream(), memory.allocate(Cublas.WORKSPACE_BYTES, "cuBLAS"));
        this.products = new CudaProducts(context, cublas);
        this.attention = new CudaAttention(context, memory);
        this.steps = new StepStaging(memory, staging);
        this.lists = new StepStaging(memory, staging);
        this.segments = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            segments.add(new SegmentTiles(new StepStaging(memory, staging)));
        }
        this.graphs = new StepGraphs(context, memory);
        this.draws = new TokenDraws(context, memory, staging);
    }

    /** Why no GPU can be used, in a sentence for the user, or null where one can. */
    public static @Nullable String missing() {
        String driver = CudaDriver.missing();
        return driver != null ? driver : Cublas.missing();
    }

    /** The device's name, e.g. {@code NVIDIA H100 80GB HBM3}. */
    public String name() {
        return context.name();
    }

    /** Bytes of the device's memory that are free. */
    public long freeBytes() {
        return context.freeBytes();
    }

    CudaContext context() {
        return context;
    }

    /** A product of square matrices of random values: what the card multiplies at best. */
    Runnable largeProduct(int side) {
        CudaBuffer x = memory.buffer(side * side, true);
        CudaBuffer weights = memory.buffer(side * side, true);
        CudaBuffer out = memory.buffer(side * side, true);
        float[] values = new float[side];
        Random random = new Random(1);
        for (int row = 0; row < side; row++) {
            for (int i = 0; i < side; i++) {
                values[i] = (float) random.nextGaussian();
            }
            write(values, 0, side, x.view(row * side, side));
            write(values, 0, side, weights.view((side - 1 - row) * side, side));
        }
        CudaMatrix matrix = new CudaMatrix(weights.address(), side, side);
        return () -> {
            Objects.requireNonNull(weights.owner());
            cublas.multiply(matrix, x, side, out);
        };
    }

    @Override
    public Matrix matrix(List<Tensor> stacked) {
        int inputs = inputs(stacked.getFirst());
        int outputs = 0;
        for (Tensor tensor : stacked) {
            outputs += Math.toIntExact(tensor.elements() / inputs);
        }
        return upload(stacked, outputs, inputs);
    }

    /** What a row has: all dimensions but the outermost, e.g. a convolution's. */
    private static int inputs(Tensor tensor) {
        return Math.toIntExact(tensor.elements() / tensor.shape()[0]);
    }

    private CudaMatrix upload(List<Tensor> tensors, int outputs, int inputs) {
        long address = memory.allocate((long) outputs * inputs * Short.BYTES, "weights");
        upload.copy(tensors, address);
        return new CudaMatrix(address, outputs, inputs);
    }

    @Override
    public Table table(Tensor tensor) {
        return upload(List.of(tensor), tensor.shape()[0], tensor.shape()[1]);
    }

    @Override
    public DeviceBuffer vector(List<Tensor> parts) {
        int count = 0;
        for (Tensor part : parts) {
            count += Math.toIntExact(part.elements());
        }
        CudaBuffer vector = memory.buffer(count, false);
        int at = 0;
        for (Tensor part : parts) {
            float[] values = part.toFloats();
            FiniteWeights.require(part, values);
            write(values, 0, values.length, vector.view(at, values.length));
            at += values.length;
        }
        return vector;
    }

    @Override
    public DeviceBuffer allocate(int floats) {
        return memory.buffer(floats, false);
    }

    @Override
    public DeviceBuffer operand(int values) {
        return memory.buffer(values, true);
    }

    @Override
    public long keyValueBlockBytes(int layers, Heads heads) {
        return CudaKeyValueCache.bytes(layers, heads, 1);
    }

    @Override
    public KeyValueCache keyValueCache(int layers, Heads heads, int blocks) {
        CudaAttention.requireSupported(heads);
        this.heads = heads;
        long bytes = CudaKeyValueCache.bytes(layers, heads, blocks);
        String purpose = "a KV cache of " + blocks * (long) KeyValueCache.BLOCK_TOKENS + " tokens; give it fewer";
        return new CudaKeyValueCache(memory.allocate(bytes, purpose), layers, heads, blocks);
    }

    @Override
    public void copyBlock(KeyValueCache cache, int source, int target) {
        CudaKeyValueCache kv = (CudaKeyValueCache) cache;
        int values = CudaKeyValueCache.blockValues(kv.heads());
        context.launch(
                "copy_block",
                kv.layers(),
                1,
                1,
                PLAIN_THREADS,
                0,
                kv.address(),
                kv.layerValues(),
                values,
                source,
                target);
    }

    @Override
    public void write(float[] source, int from, int floats, DeviceBuffer target) {
        CudaBuffer to = CudaBuffer.of(target);
        if (to.operand()) {
            staging.uploadRounded(source, from, floats, to.address());
        } else {
            staging.upload(source, from, floats, to.address());
        }
    }

    @Override
    public void read(DeviceBuffer source, int floats, float[] target) {
        CudaBuffer from = CudaBuffer.of(source);
        if (from.operand()) {
            staging.downloadWidened(from.address(), floats, target);
        } else {
            staging.download(from.address(), floats, target);
        }
    }

    @Override
    public StagedRows stage(PagedRows rows, RowKinds kinds) {
        Heads cached = Objects.requireNonNull(heads, "rows attend to a cache: ask for one first");
        CudaStep step = steps.stage(rows, kinds, attention.tileRows(cached));
        attention.prepare(step, cached);
        return step;
    }

    @Override
    public void repeat(StagedRows rows, Runnable operations) {
        CudaStep step = (CudaStep) rows;
        if (step.prompts() > 0) {
            operations.run();
        } else {
            graphs.run(step, operations);
        }
    }

    @Override
    public void lookUp(Table table, int[] ids, DeviceBuffer out) {
        lists.stageNumbers(ids, new int[0]);
        CudaMatrix from = (CudaMatrix) table;
        context.launch(
                "look_up",
                ids.length,
                1,
                1,
                PLAIN_THREADS,
                0,
                from.address(),
                lists.address(),
                from.width(),
                CudaBuffer.plain(out));
    }

    @Override
    public void copyRows(DeviceBuffer source, int[] sourceRows, DeviceBuffer target, int[] targetRows, int width) {
        int count = sourceRows.length;
        if (count == 0) {
            return;
        }
        lists.stageNumbers(sourceRows, targetRows);
        CudaBuffer from = CudaBuffer.of(source);
        CudaBuffer to = CudaBuffer.of(target);
        context.launch(
                "copy_rows_" + from.type() + "_" + to.type(),
                count,
                1,
                1,
                PLAIN_THREADS,
                0,
                from,
                lists.address(),
                to,
                lists.address() + (long) count * Integer.BYTES,
                width);
    }

    @Override
    public void addAndNormalize(
            DeviceBuffer hidden,
            @Nullable DeviceBuffer delta,
            DeviceBuffer weight,
            float epsilon,
            int rows,
            DeviceBuffer out) {
        context.launch(
                "add_and_normalize",
                rows,
                1,
                1,
                NORM_THREADS,
                NORM_THREADS / 32 * Float.BYTES,
                CudaBuffer.plain(hidden),
                delta == null ? null : CudaBuffer.plain(delta),
                weight,
                epsilon,
                weight.floats(),
                CudaBuffer.operand(out));
    }

    @Override
    public void linear(DeviceBuffer x, RowKinds rows, Matrix weights, @Nullable DeviceBuffer bias, DeviceBuffer out) {
        products.linear((CudaMatrix) weights, CudaBuffer.operand(x), rows.rows(), plain(bias), CudaBuffer.of(out));
    }

    @Override
    public void linearSwiglu(
            DeviceBuffer x,
            RowKinds rows,
            Matrix weights,
            @Nullable DeviceBuffer bias,
            DeviceBuffer gateUp,
            DeviceBuffer out) {
        products.linearSwiglu(
                (CudaMatrix) weights,
                CudaBuffer.operand(x),
                rows,
                plain(bias),
                CudaBuffer.operand(gateUp),
                CudaBuffer.operand(out));
    }

    @Override
    public void swiglu(DeviceBuffer gateUp, int rows, int width, DeviceBuffer out) {
        products.swiglu(CudaBuffer.operand(gateUp), null, rows, width, CudaBuffer.operand(out));
    }

    @Override
    public void gelu(DeviceBuffer x, int floats) {
        int pairs = floats / 2;
        context.launch("gelu", plainBlocks(pairs), 1, 1, PLAIN_THREADS, 0, CudaBuffer.operand(x), pairs);
    }

    @Override
    public void rotate(DeviceBuffer qkv, int rows, Heads heads, DeviceBuffer cosSin) {
        context.launch(
                "rotate", rows, 1, 1, PLAIN_THREADS, 0, CudaBuffer.operand(qkv), heads, CudaBuffer.plain(cosSin));
    }

    @Override
    public void rotateAndCache(
            DeviceBuffer qkv, Heads heads, DeviceBuffer cosSin, KeyValueCache cache, int layer, StagedRows rows) {
        products.rotateAndCache(
                CudaBuffer.operand(qkv),
                null,
                heads,
                CudaBuffer.plain(cosSin),
                (CudaKeyValueCache) cache,
                layer,
                (CudaStep) rows);
    }

    @Override
    public void linearRotateAndCache(
            DeviceBuffer x,
            RowKinds kinds,
            Matrix weights,
            @Nullable DeviceBuffer bias,
            Heads heads,
            DeviceBuffer cosSin,
            KeyValueCache cache,
            int layer,
            StagedRows rows,
            DeviceBuffer out) {
        products.linearRotateAndCache(
                (CudaMatrix) weights,
                CudaBuffer.operand(x),
                plain(bias),
                heads,
                CudaBuffer.plain(cosSin),
                (CudaKeyValueCache) cache,
                layer,
                (CudaStep) rows,
                CudaBuffer.operand(out));
    }

    @Override
    public void pagedAttention(
            DeviceBuffer qkv, Heads heads, KeyValueCache cache, int layer, StagedRows rows, DeviceBuffer out) {
        attention.paged(
                CudaBuffer.operand(qkv),
                heads,
                (CudaKeyValueCache) cache,
                layer,
                (CudaStep) rows,
                CudaBuffer.operand(out));
    }

    @Override
    public void segmentAttention(DeviceBuffer qkv, Heads heads, int[] boundaries, DeviceBuffer out) {
        SegmentTiles tiles = tilesOf(boundaries);
        attention.segments(CudaBuffer.operand(qkv), heads, tiles.address(), tiles.tiles(), CudaBuffer.operand(out));
    }

    /** A vision tower asks for windows and whole frames in turn, layer after layer. */
    private SegmentTiles tilesOf(int[] boundaries) {
        for (SegmentTiles known : segments) {
            if (known.of(boundaries)) {
                return known;
            }
        }
        Collections.rotate(segments, 1);
        segments.getFirst().stage(boundaries);
        return segments.getFirst();
    }

    @Override
    public boolean drawsTokens() {
        return true;
    }

    @Override
    public void draw(DeviceBuffer scores, int width, List<TokenDraw> draws, int[] tokens) {
        this.draws.draw(CudaBuffer.plain(scores), width, draws, tokens);
    }

    @Override
    public @Nullable TokenMeasure measure(DeviceBuffer scores, int width, int row, int token, int likeliest) {
        return draws.measure(CudaBuffer.plain(scores), width, row, token, likeliest);
    }

    private static @Nullable CudaBuffer plain(@Nullable DeviceBuffer buffer) {
        return buffer == null ? null : CudaBuffer.plain(buffer);
    }

    private static int plainBlocks(int values) {
        return CudaProducts.blocks(values, PLAIN_THREADS);
    }

    @Override
    public void close() {
        context.synchronize();
        graphs.clear();
        upload.close();
        cublas.close();
        staging.close();
        memory.freeAll();
        context.close();
    }
}
