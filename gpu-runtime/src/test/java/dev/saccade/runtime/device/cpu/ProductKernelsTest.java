package dev.saccade.runtime.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Heads;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.RowKinds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What multiplies large weights, against plain loops. A library or processor that this machine lacks is skipped by name. */
class ProductKernelsTest {

    private final Random random = new Random(3);
    private final Arena arena = Arena.ofShared();

    @AfterEach
    void close() {
        arena.close();
    }

    private static CpuDevice open(ProductKernels kernels) {
        return open(kernels, true);
    }

    private static CpuDevice open(ProductKernels kernels, boolean batchInvariant) {
        assumeTrue(
                kernels != ProductKernels.ONEDNN || OneDnnLibrary.get() != null,
                "oneDNN can't be loaded on this platform");
        assumeTrue(kernels != ProductKernels.AMX || AmxKernels.get() != null, "this processor has no AMX");
        return new CpuDevice(Precision.BFLOAT16, 2, batchInvariant, null, kernels);
    }

    static Stream<Arguments> shapes() {
        int[][] shapes = {
            {1, 1, 1},
            {1, 33, 70},
            {7, 100, 64},
            {16, 8, 8},
            {17, 33, 31},
            {32, 96, 65},
            {33, 127, 1030},
            {64, 340, 513},
            {256, 513, 700},
            {513, 1000, 130},
            {600, 70, 64}
        };
        return Arrays.stream(ProductKernels.values())
                .flatMap(kernels ->
                        Arrays.stream(shapes).map(shape -> Arguments.of(kernels, shape[0], shape[1], shape[2])));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void equalsPlainLoopsOverOddShapes(ProductKernels kernels, int rows, int inputs, int outputs) {
        Tensor weights = tensor(outputs, inputs);
        float[] x = bfloat16s(rows * inputs);
        float[] bias = bfloat16s(outputs);
        float[] expected = PlainKernels.linear(x, rows, weights, bias);

        try (CpuDevice device = open(kernels)) {
            assertThat(linear(device, x, RowKinds.ofPrompt(rows), List.of(weights), bias))
                    .containsExactly(expected, within(2e-6f * inputs + 1e-5f));
        }
    }

    @ParameterizedTest
    @EnumSource(ProductKernels.class)
    void aRowGivesTheSameBitsWhateverStandsBesideIt(ProductKernels kernels) {
        try (CpuDevice device = open(kernels)) {
            Matrix weights = device.matrix(List.of(tensor(600, 200)));
            float[] bias = bfloat16s(600);
            float[] x = bfloat16s(150 * 200); // three tokens of answers, 147 of prompts

            float[] together = linear(device, x, new RowKinds(3, 147), weights, bias);

            for (int[] part : new int[][] {{3, 4}, {4, 21}, {21, 60}, {60, 125}, {70, 150}}) {
                float[] own = Arrays.copyOfRange(x, part[0] * 200, part[1] * 200);
                float[] alone = linear(device, own, RowKinds.ofPrompt(part[1] - part[0]), weights, bias);
                assertThat(alone).isEqualTo(Arrays.copyOfRange(together, part[0] * 600, part[1] * 600));
            }
            float[] answers = linear(device, Arrays.copyOf(x, 3 * 200), RowKinds.ofAnswers(3), weights, bias);
            assertThat(answers).isEqualTo(Arrays.copyOf(together, 3 * 600));
            if (kernels.oneForAllRows()) {
                assertThat(linear(device, x, RowKinds.ofAnswers(150), weights, bias))
                        .isEqualTo(together);
            }
        }
    }

    @Test
    void manyAnswersTakeOneDnnWhereTheirBitsNeedNotBeKept() {
        List<Tensor> weights = List.of(tensor(130, 70));
        float[] bias = bfloat16s(130);
        float[] x = bfloat16s(9 * 70);
        try (CpuDevice java = open(ProductKernels.JAVA);
                CpuDevice oneDnn = open(ProductKernels.ONEDNN);
                CpuDevice faster = open(ProductKernels.ONEDNN, false)) {
            assertThat(linear(faster, x, RowKinds.ofAnswers(9), weights, bias))
                    .isEqualTo(linear(oneDnn, x, RowKinds.ofPrompt(9), weights, bias));
            assertThat(linear(faster, x, new RowKinds(8, 1), weights, bias))
                    .isEqualTo(linear(oneDnn, x, RowKinds.ofPrompt(9), weights, bias));
            assertThat(linear(faster, Arrays.copyOf(x, 7 * 70), RowKinds.ofAnswers(7), weights, bias))
                    .isEqualTo(linear(java, Arrays.copyOf(x, 7 * 70), RowKinds.ofAnswers(7), weights, bias));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,16", "2,33", "3,80", "1,128"})
    void attentionOverSegmentsEqualsPlainLoopsWithinBfloat16(int count, int size) {
        Heads heads = new Heads(count, count, size);
        int[] boundaries = {0, 1, 33, 97, 98, 230};
        float[] qkv = bfloat16s(230 * heads.rowWidth());
        try (CpuDevice device = open(ProductKernels.AMX)) {
            DeviceBuffer out = device.allocate(230 * heads.queryWidth());

            device.segmentAttention(new CpuBuffer(qkv), heads, boundaries, out);

            float[] found = CpuBuffer.of(out).values();
            for (int s = 0; s + 1 < boundaries.length; s++) {
                for (int row = boundaries[s]; row < boundaries[s + 1]; row++) {
                    float[] expected =
                            PlainKernels.attention(qkv, heads, row, boundaries[s], boundaries[s + 1] - boundaries[s]);
                    assertThat(Arrays.copyOfRange(found, row * heads.queryWidth(), (row + 1) * heads.queryWidth()))
                            .containsExactly(expected, within(0.02f));
                }
            }
        }
    }

    @Test
    void aQuerysAttentionDependsOnItsSegmentAlone() {
        Heads heads = new Heads(2, 2, 80);
        float[] qkv = bfloat16s(150 * heads.rowWidth());
        try (CpuDevice device = open(ProductKernels.AMX)) {
            DeviceBuffer together = device.allocate(150 * heads.queryWidth());
            device.segmentAttention(new CpuBuffer(qkv), heads, new int[] {0, 70, 150}, together);
            float[] second = Arrays.copyOfRange(qkv, 70 * heads.rowWidth(), qkv.length);
            DeviceBuffer alone = device.allocate(80 * heads.queryWidth());
            device.segmentAttention(new CpuBuffer(second), heads, new int[] {0, 80}, alone);

            assertThat(CpuBuffer.of(alone).values())
                    .isEqualTo(Arrays.copyOfRange(
                            CpuBuffer.of(together).values(), 70 * heads.queryWidth(), 150 * heads.queryWidth()));
        }
    }

    private static float[] linear(CpuDevice device, float[] x, RowKinds rows, List<Tensor> weights, float[] bias) {
        return linear(device, x, rows, device.matrix(weights), bias);
    }

    private static float[] linear(CpuDevice device, float[] x, RowKinds rows, Matrix weights, float[] bias) {
        DeviceBuffer out = device.allocate(rows.rows() * bias.length);
        device.linear(new CpuBuffer(x), rows, weights, new CpuBuffer(bias), out);
        return CpuBuffer.of(out).values();
    }

    /** Numbers that bf16 holds exactly, so that rounding of the rows can't hide a mistake. */
    private float[] bfloat16s(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Float.intBitsToFloat(Lanes.toBfloat16((float) random.nextGaussian()) << 16);
        }
        return values;
    }

    private Tensor tensor(int outputs, int inputs) {
        MemorySegment data = arena.allocate(2L * outputs * inputs + 2, 2).asSlice(2);
        for (int i = 0; i < outputs * inputs; i++) {
            data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) Lanes.toBfloat16((float) random.nextGaussian()));
        }
        return new Tensor("random", DType.BF16, new int[] {outputs, inputs}, data);
    }
}
