package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.device.StagedRows;
import dev.saccade.runtime.device.Table;
import dev.saccade.runtime.device.cuda.KernelCase.Run;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What {@link CudaCheck} runs: each kernel, ready at any shape. */
final class KernelCases {

    private static final int BF16 = Short.BYTES;
    private static final float EPSILON = 1e-6f;

    /** So much memory is gone through in turn that no cache of a device holds it. */
    private static final double BEYOND_CACHES = 400e6;

    private static final float[] GAUSSIAN = manyGaussian();

    private KernelCases() {}

    static KernelCase linear(int rows, int inputs, int outputs) {
        double bytes = BF16 * ((double) inputs * outputs + (double) rows * inputs) + 4.0 * rows * outputs;
        double flops = 2.0 * rows * inputs * outputs;
        return new KernelCase("linear", rows + " x " + inputs + " -> " + outputs, bytes, flops, device -> {
            Random random = new Random(rows);
            List<Matrix> weights = copies(device, tensor(random, outputs, inputs));
            DeviceBuffer bias = device.vector(List.of(tensor(random, outputs)));
            DeviceBuffer x = operand(device, random, rows * inputs, 1);
            DeviceBuffer out = device.allocate(rows * outputs);
            RowKinds kinds = kinds(rows);
            int[] turn = new int[1];
            return new Run(
                    () -> device.linear(x, kinds, weights.get(turn[0]++ % weights.size()), bias, out),
                    () -> values(device, out));
        });
    }

    static KernelCase swiglu(RowKinds kinds, int inputs, int width) {
        int rows = kinds.rows();
        double bytes = BF16 * (2.0 * inputs * width + (double) rows * inputs + (double) rows * width);
        double flops = 4.0 * rows * inputs * width;
        String shape = rows + (kinds.prompt() > 0 || rows <= 16 ? " x " : " answers x ") + inputs + " -> " + width;
        return new KernelCase("linear, SwiGLU", shape, bytes, flops, device -> {
            Random random = new Random(rows);
            List<Matrix> weights = copies(device, tensor(random, 2 * width, inputs));
            DeviceBuffer x = operand(device, random, rows * inputs, 1);
            DeviceBuffer between = device.operand(rows * 2 * width);
            DeviceBuffer out = device.operand(rows * width);
            int[] turn = new int[1];
            return new Run(
                    () -> device.linearSwiglu(x, kinds, weights.get(turn[0]++ % weights.size()), null, between, out),
                    () -> values(device, out));
        });
    }

    static RowKinds kinds(int rows) {
        return rows <= 16 ? RowKinds.ofAnswers(rows) : RowKinds.ofPrompt(rows);
    }

    /** The first tokens of as many sequences: what comes out is their queries, and attention of one token, so its values. */
    static KernelCase cachedProduct(Heads heads, int rows, int inputs) {
        double bytes = BF16 * ((double) inputs * (heads.rowWidth() + rows) + (double) rows * heads.rowWidth());
        double flops = 2.0 * rows * inputs * heads.rowWidth();
        String shape = rows + " answers x " + inputs + ", " + heads;
        return new KernelCase("QKV product", shape, bytes, flops, device -> {
            Random random = new Random(rows);
            KeyValueCache cache = device.keyValueCache(1, heads, rows);
            int[] slots = new int[rows];
            int[] lengths = new int[rows];
            int[] stretches = new int[rows + 1];
            int[][] tables = new int[rows][];
            for (int row = 0; row < rows; row++) {
                tables[row] = new int[] {row};
                slots[row] = slot(tables[row], 0);
                lengths[row] = 1;
                stretches[row + 1] = row + 1;
            }
            RowKinds kinds = RowKinds.ofAnswers(rows);
            List<Matrix> weights = copies(device, tensor(random, heads.rowWidth(), inputs));
            DeviceBuffer bias = device.vector(List.of(tensor(random, heads.rowWidth())));
            DeviceBuffer x = operand(device, random, rows * inputs, 1);
            DeviceBuffer angles = plain(device, angles(random, rows, heads.size()));
            DeviceBuffer qkv = device.operand(rows * heads.rowWidth());
            DeviceBuffer out = device.operand(rows * heads.queryWidth());
            StagedRows staged = device.stage(new PagedRows(slots, lengths, stretches, tables), kinds);
            int[] turn = new int[1];
            return new Run(
                    () -> device.linearRotateAndCache(
                            x,
                            kinds,
                            weights.get(turn[0]++ % weights.size()),
                            bias,
                            heads,
                            angles,
                            cache,
                            0,
                            staged,
                            qkv),
                    () -> {
                        device.pagedAttention(qkv, heads, cache, 0, staged, out);
                        float[] queries = values(device, qkv);
                        float[] result = Arrays.copyOf(values(device, out), 2 * rows * heads.queryWidth());
                        for (int row = 0; row < rows; row++) {
                            System.arraycopy(
                                    queries,
                                    row * heads.rowWidth(),
                                    result,
                                    (rows + row) * heads.queryWidth(),
                                    heads.queryWidth());
                        }
                        return result;
                    });
        });
    }

    /** Rows of as many sequences that have seen nearly {@code length} tokens; the last token comes through the product. */
    static KernelCase decode(Heads heads, int rows, int length, int inputs) {
        double bytes = 2.0 * BF16 * rows * length * heads.keyValue() * heads.size();
        double flops = 4.0 * rows * length * heads.queryWidth();
        return new KernelCase(
                "decode attention", rows + " of " + length + " tokens, " + heads, bytes, flops, device -> {
                    Random random = new Random(length);
                    int blocks = (length + KeyValueCache.BLOCK_TOKENS - 1) / KeyValueCache.BLOCK_TOKENS;
                    int layers = device instanceof CudaDevice ? (int) Math.clamp(BEYOND_CACHES / bytes, 1, 16) : 1;
                    KeyValueCache cache = device.keyValueCache(layers, heads, blocks * rows);
                    int[] order = shuffled(random, blocks * rows);
                    int[][] tables = new int[rows][];
                    for (int row = 0; row < rows; row++) {
                        tables[row] = Arrays.copyOfRange(order, row * blocks, (row + 1) * blocks);
                        fill(device, random, heads, cache, layers, tables[row], length);
                    }
                    int[] lengths = new int[rows];
                    int[] slots = new int[rows];
                    int[] stretches = new int[rows + 1];
                    for (int row = 0; row < rows; row++) {
                        lengths[row] = length - (rows > 1 ? row % Math.min(3, length) : 0);
                        slots[row] = slot(tables[row], lengths[row] - 1);
                        stretches[row + 1] = row + 1;
                    }
                    RowKinds kinds = RowKinds.ofAnswers(rows);
                    Matrix weights = device.matrix(List.of(tensor(random, heads.rowWidth(), inputs)));
                    DeviceBuffer bias = device.vector(List.of(tensor(random, heads.rowWidth())));
                    DeviceBuffer x = operand(device, random, rows * inputs, 1);
                    DeviceBuffer angles = plain(device, angles(random, rows, heads.size()));
                    DeviceBuffer qkv = device.operand(rows * heads.rowWidth());
                    DeviceBuffer out = device.operand(rows * heads.queryWidth());
                    StagedRows staged = device.stage(new PagedRows(slots, lengths, stretches, tables), kinds);
                    for (int layer = 0; layer < layers; layer++) {
                        device.linearRotateAndCache(x, kinds, weights, bias, heads, angles, cache, layer, staged, qkv);
                    }
                    int[] turn = new int[1];
                    return new Run(
                            () -> device.pagedAttention(qkv, heads, cache, turn[0]++ % layers, staged, out),
                            () -> values(device, out));
                });
    }

    /** A prompt's rows behind {@code before} tokens that are cached. */
    static KernelCase prefill(Heads heads, int before, int rows) {
        double seen = rows * (before + (rows + 1) / 2.0);
        double bytes =
                BF16 * (2.0 * (before + rows) * heads.keyValue() * heads.size() + 2.0 * rows * heads.queryWidth());
        double flops = 4.0 * seen * heads.queryWidth();
        return new KernelCase("prefill attention", rows + " behind " + before + ", " + heads, bytes, flops, device -> {
            Random random = new Random(rows);
            int length = before + rows;
            int blocks = (length + KeyValueCache.BLOCK_TOKENS - 1) / KeyValueCache.BLOCK_TOKENS;
            KeyValueCache cache = device.keyValueCache(1, heads, blocks + 1);
            int[] table = shuffled(random, blocks + 1);
            if (before > 0) {
                fill(device, random, heads, cache, 1, table, before);
            }
            DeviceBuffer qkv = operand(device, random, rows * heads.rowWidth(), 1);
            DeviceBuffer angles = plain(device, angles(random, rows, heads.size()));
            DeviceBuffer out = device.operand(rows * heads.queryWidth());
            StagedRows staged = device.stage(stretch(table, before, rows), RowKinds.ofPrompt(rows));
            device.rotateAndCache(qkv, heads, angles, cache, 0, staged);
            return new Run(() -> device.pagedAttention(qkv, heads, cache, 0, staged, out), () -> values(device, out));
        });
    }

    static KernelCase segments(Heads heads, int[] boundaries) {
        int rows = boundaries[boundaries.length - 1];
        double pairs = 0;
        for (int i = 0; i + 1 < boundaries.length; i++) {
            pairs += Math.pow(boundaries[i + 1] - boundaries[i], 2);
        }
        double bytes = BF16 * (double) rows * (heads.rowWidth() + heads.queryWidth());
        String shape = rows + " rows in " + (boundaries.length - 1) + " segments, " + heads;
        return new KernelCase("vision attention", shape, bytes, 4 * pairs * heads.queryWidth(), device -> {
            Random random = new Random(rows);
            DeviceBuffer qkv = operand(device, random, rows * heads.rowWidth(), 1);
            device.rotate(qkv, rows, heads, plain(device, angles(random, rows, heads.size())));
            DeviceBuffer out = device.operand(rows * heads.queryWidth());
            return new Run(() -> device.segmentAttention(qkv, heads, boundaries, out), () -> values(device, out));
        });
    }

    static KernelCase norm(int rows, int width) {
        double bytes = rows * (double) width * (3 * 4 + BF16);
        return new KernelCase("residual, RMS norm", rows + " x " + width, bytes, 0, device -> {
            Random random = new Random(width);
            DeviceBuffer hidden = plain(device, gaussian(random, rows * width, 1));
            DeviceBuffer delta = plain(device, gaussian(random, rows * width, 1e-3));
            DeviceBuffer weight = device.vector(List.of(tensor(random, width)));
            DeviceBuffer out = device.operand(rows * width);
            return new Run(
                    () -> device.addAndNormalize(hidden, delta, weight, EPSILON, rows, out), () -> values(device, out));
        });
    }

    /** A table's rows, those of another buffer among them, and a block of the cache that is copied. */
    static KernelCase rows(int rows, int width) {
        return new KernelCase("rows moved", rows + " x " + width, 0, 0, device -> {
            Random random = new Random(rows);
            Table table = device.table(tensor(random, 2 * rows, width));
            DeviceBuffer visual = operand(device, random, rows * width, 1);
            DeviceBuffer out = device.allocate(rows * width);
            int[] ids = random.ints(rows, 0, 2 * rows).toArray();
            int[] some = random.ints(rows, 0, rows).distinct().toArray();
            int[] from = shuffled(random, some.length);
            return new Run(
                    () -> {
                        device.lookUp(table, ids, out);
                        device.copyRows(visual, from, out, some, width);
                    },
                    () -> values(device, out));
        });
    }

    /** What only the vision tower uses: biases behind cuBLAS, SwiGLU of an uneven width, GELU, rows moved about. */
    static KernelCase vision(int rows, int width) {
        return new KernelCase("vision's rest", rows + " x " + width, 0, 0, device -> {
            Random random = new Random(width);
            int wide = 128;
            DeviceBuffer x = operand(device, random, rows * wide, 1);
            Matrix gateUp = device.matrix(List.of(tensor(random, 2 * width, wide)));
            DeviceBuffer gateUpBias = device.vector(List.of(tensor(random, 2 * width)));
            Matrix down = device.matrix(List.of(tensor(random, wide, width)));
            DeviceBuffer downBias = device.vector(List.of(tensor(random, wide)));
            DeviceBuffer between = device.operand(rows * 2 * width);
            DeviceBuffer narrow = device.operand(rows * width);
            DeviceBuffer back = device.allocate(rows * wide);
            DeviceBuffer moved = device.operand(rows * wide);
            DeviceBuffer out = device.allocate(rows * wide);
            return new Run(
                    () -> {
                        device.linearSwiglu(x, RowKinds.ofPrompt(rows), gateUp, gateUpBias, between, narrow);
                        device.linear(narrow, RowKinds.ofPrompt(rows), down, downBias, back);
                        device.copyRows(back, new int[] {1, 0}, moved, new int[] {0, 1}, wide);
                        device.gelu(moved, rows * wide);
                        device.copyRows(moved, new int[] {0, 1}, out, new int[] {1, 0}, wide);
                    },
                    () -> values(device, out));
        });
    }

    private static void fill(
            Device device, Random random, Heads heads, KeyValueCache cache, int layers, int[] table, int length) {
        int chunk = Math.min(length, 2048);
        float[] values = gaussian(random, chunk * heads.rowWidth(), 1);
        DeviceBuffer qkv = device.operand(values.length);
        DeviceBuffer angles = plain(device, angles(random, chunk, heads.size()));
        for (int from = 0; from < length; from += chunk) {
            int rows = Math.min(chunk, length - from);
            StagedRows staged = device.stage(stretch(table, from, rows), RowKinds.ofPrompt(rows));
            for (int layer = 0; layer < layers; layer++) {
                device.write(values, 0, values.length, qkv); // a device may rotate in place
                device.rotateAndCache(qkv, heads, angles, cache, layer, staged);
            }
        }
    }

    private static PagedRows stretch(int[] table, int from, int rows) {
        int[] slots = new int[rows];
        int[] lengths = new int[rows];
        for (int i = 0; i < rows; i++) {
            slots[i] = slot(table, from + i);
            lengths[i] = from + i + 1;
        }
        return new PagedRows(slots, lengths, new int[] {0, rows}, new int[][] {table});
    }

    private static int slot(int[] table, int place) {
        int tokens = KeyValueCache.BLOCK_TOKENS;
        return table[place / tokens] * tokens + place % tokens;
    }

    private static int[] shuffled(Random random, int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    private static List<Matrix> copies(Device device, Tensor tensor) {
        int count =
                device instanceof CudaDevice ? (int) Math.clamp(BEYOND_CACHES / (BF16 * tensor.elements()), 1, 32) : 1;
        List<Matrix> copies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            copies.add(device.matrix(List.of(tensor)));
        }
        return copies;
    }

    /** About as large as a trained layer's, so that outputs stay near 1. */
    static Tensor tensor(Random random, int... shape) {
        long elements = 1;
        for (int side : shape) {
            elements *= side;
        }
        double scale = shape.length == 1 ? 1 : 1 / Math.sqrt(shape[1]);
        short[] values = new short[Math.toIntExact(elements)];
        int at = random.nextInt(GAUSSIAN.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = Bfloat16.round((float) (GAUSSIAN[at] * scale));
            at = at + 1 < GAUSSIAN.length ? at + 1 : 0;
        }
        return new Tensor("random", DType.BF16, shape, MemorySegment.ofArray(values));
    }

    private static float[] angles(Random random, int rows, int size) {
        float[] angles = new float[rows * size];
        for (int row = 0; row < rows; row++) {
            for (int j = 0; j < size / 2; j++) {
                double angle = random.nextDouble() * 2 * Math.PI;
                angles[row * size + j] = (float) Math.cos(angle);
                angles[row * size + size / 2 + j] = (float) Math.sin(angle);
            }
        }
        return angles;
    }

    /** Values that are bf16 already, so that both devices begin with the same ones; from anywhere in a long list of them. */
    static float[] gaussian(Random random, int count, double scale) {
        float[] values = new float[count];
        int at = random.nextInt(GAUSSIAN.length);
        for (int i = 0; i < count; i++) {
            values[i] = Bfloat16.widen(Bfloat16.round((float) (GAUSSIAN[at] * scale)));
            at = at + 1 < GAUSSIAN.length ? at + 1 : 0;
        }
        return values;
    }

    private static float[] manyGaussian() {
        Random random = new Random(1);
        float[] values = new float[1_000_003];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static DeviceBuffer operand(Device device, Random random, int count, double scale) {
        DeviceBuffer buffer = device.operand(count);
        device.write(gaussian(random, count, scale), 0, count, buffer);
        return buffer;
    }

    static DeviceBuffer plain(Device device, float[] values) {
        DeviceBuffer buffer = device.allocate(values.length);
        device.write(values, 0, values.length, buffer);
        return buffer;
    }

    private static float[] values(Device device, DeviceBuffer buffer) {
        float[] values = new float[buffer.floats()];
        device.read(buffer, values.length, values);
        return values;
    }
}
