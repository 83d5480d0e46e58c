package dev.saccade.runtime.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.PagedRows;
import dev.saccade.runtime.device.RowKinds;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operation against {@link PlainKernels}, over shapes that fit no vector, no panel and no block. */
class CpuDeviceTest {

    private static final float CLOSE = 2e-5f;

    private final Random random = new Random(7);
    private final CpuDevice device = new CpuDevice(Precision.FLOAT32, 2);
    private final CpuDevice bfloat16 = new CpuDevice(Precision.BFLOAT16, 3);

    @AfterEach
    void close() {
        device.close();
        bfloat16.close();
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "3,5,7", "4,32,32", "5,33,31", "6,64,100", "9,340,128", "17,127,65", "2,1176,48", "70,250,190"
    })
    void linearEqualsPlainLoops(int rows, int inputs, int outputs) {
        Tensor weights = tensor(outputs, inputs);
        float[] x = floats(rows * inputs);
        float[] bias = floats(outputs);
        float[] expected = PlainKernels.linear(x, rows, weights, bias);

        float[] float32 = linear(device, x, rows, weights, bias);

        assertThat(float32).containsExactly(expected, within(CLOSE * inputs));
        assertThat(linear(bfloat16, x, rows, weights, bias)).as("bf16 weights").isEqualTo(float32);
        assertThat(linear(device, x, rows, weights, new float[0]))
                .as("without bias")
                .containsExactly(PlainKernels.linear(x, rows, weights, new float[0]), within(CLOSE * inputs));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aRowsProductDoesNotDependOnItsNeighbours(Precision precision) {
        CpuDevice tested = precision == Precision.FLOAT32 ? device : bfloat16;
        Tensor weights = tensor(300, 1157); // more inputs than the kernels take at once
        float[] x = floats(443 * 1157);

        float[] together = linear(tested, x, 443, weights, new float[0]);

        for (int rows = 1; rows <= 50; rows++) {
            int first = (443 - rows) * (rows % 3) / 2;
            float[] few = Arrays.copyOfRange(x, first * 1157, (first + rows) * 1157);
            assertThat(linear(tested, few, rows, weights, new float[0]))
                    .as("%d rows", rows)
                    .isEqualTo(Arrays.copyOfRange(together, first * 300, (first + rows) * 300));
        }
    }

    @Test
    void stackedTensorsAreOneMatrix() {
        Tensor first = tensor(33, 18);
        Tensor second = tensor(7, 18);
        float[] x = floats(2 * 18);
        DeviceBuffer out = device.allocate(2 * 40);

        device.linear(upload(x), RowKinds.ofPrompt(2), device.matrix(List.of(first, second)), null, out);

        float[] expectedFirst = PlainKernels.linear(x, 2, first, new float[0]);
        float[] expectedSecond = PlainKernels.linear(x, 2, second, new float[0]);
        assertThat(Arrays.copyOfRange(read(out), 40, 73))
                .containsExactly(Arrays.copyOfRange(expectedFirst, 33, 66), within(1e-3f));
        assertThat(Arrays.copyOfRange(read(out), 73, 80))
                .containsExactly(Arrays.copyOfRange(expectedSecond, 7, 14), within(1e-3f));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 31, 128, 340})
    void rowOperationsEqualPlainLoops(int width) {
        int rows = 3;
        float[] hidden = floats(rows * width);
        float[] delta = floats(rows * width);
        float[] weight = floats(width);
        float[] sum = new float[hidden.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = hidden[i] + delta[i];
        }
        float[] gateUp = floats(2 * rows * width);
        DeviceBuffer x = upload(hidden);
        DeviceBuffer out = device.allocate(rows * width);

        device.addAndNormalize(x, upload(delta), upload(weight), 1e-6f, rows, out);
        assertThat(read(x)).isEqualTo(sum);
        assertThat(read(out)).containsExactly(PlainKernels.normalize(sum, weight, rows, 1e-6), within(CLOSE));

        device.swiglu(upload(gateUp), rows, width, out);
        assertThat(read(out)).containsExactly(PlainKernels.swiglu(gateUp, rows, width), within(CLOSE));
    }

    @Test
    void exponentialsStayWithinTwoUnitsInTheLastPlace() {
        float[] x = new float[20_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = -85f + i * 0.0085f;
        }
        for (int i = 0; i + Lanes.WIDTH <= x.length; i += Lanes.WIDTH) {
            float[] result = new float[Lanes.WIDTH];
            Lanes.exp(FloatVector.fromArray(Lanes.FLOATS, x, i)).intoArray(result, 0);
            for (int lane = 0; lane < Lanes.WIDTH; lane++) {
                float expected = (float) Math.exp(x[i + lane]);
                assertThat(result[lane]).isCloseTo(expected, within(2 * Math.ulp(expected)));
            }
        }
    }

    @Test
    void vectorsRoundToBfloat16AsScalarsDo() {
        float[] x = {1f, 1.00390625f, 1.01171875f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.MAX_VALUE, 1e-42f};
        float[] values = floats(53);
        System.arraycopy(x, 0, values, 0, x.length);
        MemorySegment rounded = MemorySegment.ofArray(new byte[2 * values.length]);

        Rounding.toBfloat16(values, 0, values.length, rounded, 0);

        for (int i = 0; i < values.length; i++) {
            assertThat(rounded.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, i) & 0xffff)
                    .isEqualTo(Lanes.toBfloat16(values[i]));
        }
    }

    @Test
    void geluEqualsItsIntegral() {
        float[] x = new float[1_001];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 500) * 0.012f;
        }
        DeviceBuffer buffer = upload(x);

        device.gelu(buffer, x.length);

        float[] result = read(buffer);
        for (int i = 0; i < x.length; i++) {
            assertThat(result[i]).isCloseTo((float) (x[i] * normalBelow(x[i])), within(2e-6f));
        }
    }

    /** The normal distribution function by Simpson's rule. */
    private static double normalBelow(double x) {
        int steps = 2_000;
        double h = x / steps;
        double sum = 1 + Math.exp(-x * x / 2);
        for (int i = 1; i < steps; i++) {
            sum += (i % 2 == 1 ? 4 : 2) * Math.exp(-(i * h) * (i * h) / 2);
        }
        return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
    }

    static Stream<Heads> heads() {
        return Stream.of(new Heads(4, 2, 64), new Heads(2, 1, 6), new Heads(6, 3, 80), new Heads(7, 1, 18));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void attentionWithinSegmentsEqualsPlainLoops(Heads heads) {
        int[] boundaries = {0, 1, 17, 33, 38};
        float[] qkv = floats(38 * heads.rowWidth());
        DeviceBuffer out = device.allocate(38 * heads.queryWidth());

        device.segmentAttention(upload(qkv), heads, boundaries, out);

        for (int s = 0; s + 1 < boundaries.length; s++) {
            for (int row = boundaries[s]; row < boundaries[s + 1]; row++) {
                float[] expected =
                        PlainKernels.attention(qkv, heads, row, boundaries[s], boundaries[s + 1] - boundaries[s]);
                assertThat(row(out, row, heads.queryWidth())).containsExactly(expected, within(CLOSE));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("heads")
    void pagedAttentionEqualsPlainLoops(Heads heads) {
        assertPagedAttention(device, heads, false);
        assertPagedAttention(bfloat16, heads, true);
    }

    /** 53 tokens in scattered blocks, written in uneven stretches: every row sees itself and what came before. */
    private void assertPagedAttention(CpuDevice tested, Heads heads, boolean rounded) {
        int tokens = 53;
        int[] table = {9, 2, 70, 0};
        float[] qkv = floats(tokens * heads.rowWidth());
        float[] cosSin = floats(tokens * heads.size());
        KeyValueCache cache = tested.keyValueCache(2, heads, 71);
        DeviceBuffer out = tested.allocate(tokens * heads.queryWidth());
        int[] ends = {0, 1, 20, 48, tokens};
        for (int s = 0; s + 1 < ends.length; s++) {
            int from = ends[s];
            int count = ends[s + 1] - from;
            DeviceBuffer rows =
                    upload(Arrays.copyOfRange(qkv, from * heads.rowWidth(), ends[s + 1] * heads.rowWidth()));
            DeviceBuffer angles = upload(Arrays.copyOfRange(cosSin, from * heads.size(), ends[s + 1] * heads.size()));
            int[] slots = IntStream.range(from, from + count)
                    .map(i -> table[i / 16] * 16 + i % 16)
                    .toArray();
            PagedRows paged = new PagedRows(
                    slots, IntStream.rangeClosed(from + 1, from + count).toArray(), new int[] {0, count}, new int[][] {
                        table
                    });
            tested.rotateAndCache(rows, heads, angles, cache, 1, paged);
            tested.pagedAttention(
                    rows, heads, cache, 1, paged, out.view(from * heads.queryWidth(), count * heads.queryWidth()));
        }

        PlainKernels.rotate(qkv, tokens, heads, cosSin);
        if (rounded) {
            roundKeysAndValues(qkv, tokens, heads);
        }
        for (int row = 0; row < tokens; row++) {
            assertThat(row(out, row, heads.queryWidth()))
                    .containsExactly(
                            PlainKernels.attention(qkv, heads, row, 0, row + 1), within(rounded ? 1e-2f : CLOSE));
        }
    }

    private static void roundKeysAndValues(float[] qkv, int rows, Heads heads) {
        for (int row = 0; row < rows; row++) {
            for (int i = heads.keyOffset(); i < heads.rowWidth(); i++) {
                int at = row * heads.rowWidth() + i;
                qkv[at] = Float.intBitsToFloat(Lanes.toBfloat16(qkv[at]) << 16);
            }
        }
    }

    private static float[] linear(CpuDevice on, float[] x, int rows, Tensor weights, float[] bias) {
        Matrix matrix = on.matrix(List.of(weights));
        DeviceBuffer out = on.allocate(rows * weights.shape()[0]);
        on.linear(upload(x), RowKinds.ofPrompt(rows), matrix, bias.length == 0 ? null : upload(bias), out);
        return read(out);
    }

    private static DeviceBuffer upload(float[] values) {
        return new CpuBuffer(values.clone());
    }

    private static float[] read(DeviceBuffer buffer) {
        return CpuBuffer.of(buffer).values();
    }

    private static float[] row(DeviceBuffer buffer, int row, int width) {
        return Arrays.copyOfRange(read(buffer), row * width, (row + 1) * width);
    }

    private float[] floats(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Random bf16 weights at an odd address, as they can lie in a checkpoint. */
    private Tensor tensor(int outputs, int inputs) {
        byte[] bytes = new byte[2 * outputs * inputs + 1];
        for (int i = 0; i < outputs * inputs; i++) {
            int bits = Lanes.toBfloat16((float) random.nextGaussian());
            bytes[2 * i + 1] = (byte) bits;
            bytes[2 * i + 2] = (byte) (bits >> 8);
        }
        return new Tensor(
                "random",
                DType.BF16,
                new int[] {outputs, inputs},
                MemorySegment.ofArray(bytes).asSlice(1));
    }
}
