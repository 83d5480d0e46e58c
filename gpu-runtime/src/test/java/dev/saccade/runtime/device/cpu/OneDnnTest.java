package dev.saccade.runtime.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.RowKinds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** oneDNN against the Java kernels. Skipped where the library has no build for this platform. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneDnnTest {

    private final Random random = new Random(3);
    private final Arena arena = Arena.ofShared();
    private CpuDevice java;
    private CpuDevice oneDnn;

    @BeforeAll
    void open() {
        OneDnnLibrary library = OneDnnLibrary.get();
        assumeTrue(library != null, "oneDNN can't be loaded on this platform");
        java = new CpuDevice(Precision.BFLOAT16, 2);
        oneDnn = new CpuDevice(Precision.BFLOAT16, 2, true, null, new OneDnn(library));
    }

    @AfterAll
    void close() {
        if (oneDnn != null) {
            java.close();
            oneDnn.close();
        }
        arena.close();
    }

    @ParameterizedTest
    @CsvSource({"16,8,8", "17,33,31", "64,340,513", "33,127,1030", "256,513,700"})
    void agreesWithTheJavaKernelsOverOddShapes(int rows, int inputs, int outputs) {
        List<Tensor> weights = List.of(tensor(outputs, inputs), tensor(7, inputs));
        float[] x = bfloat16s(rows * inputs);
        float[] bias = bfloat16s(outputs + 7);

        float[] expected = linear(java, x, RowKinds.ofPrompt(rows), weights, bias);
        float[] actual = linear(oneDnn, x, RowKinds.ofPrompt(rows), weights, bias);

        float largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i] - actual[i]));
        }
        assertThat(largest).isLessThan(2e-6f * inputs + 1e-5f).isNotNaN();
    }

    @Test
    void aRowGivesTheSameBitsWhateverStandsBesideIt() {
        List<Tensor> weights = List.of(tensor(600, 200));
        float[] bias = bfloat16s(600);
        float[] x = bfloat16s(150 * 200); // three tokens of answers, 147 of prompts

        float[] together = linear(oneDnn, x, new RowKinds(3, 147), weights, bias);

        for (int[] part : new int[][] {{3, 4}, {4, 21}, {21, 60}, {60, 125}, {70, 150}}) {
            float[] own = Arrays.copyOfRange(x, part[0] * 200, part[1] * 200);
            float[] alone = linear(oneDnn, own, RowKinds.ofPrompt(part[1] - part[0]), weights, bias);
            assertThat(alone).isEqualTo(Arrays.copyOfRange(together, part[0] * 600, part[1] * 600));
        }
        float[] answers = linear(oneDnn, Arrays.copyOf(x, 3 * 200), RowKinds.ofAnswers(3), weights, bias);
        assertThat(answers).isEqualTo(Arrays.copyOf(together, 3 * 600));
    }

    @Test
    void manyAnswersTakeOneDnnWhereTheirBitsNeedNotBeKept() {
        List<Tensor> weights = List.of(tensor(130, 70));
        float[] bias = bfloat16s(130);
        float[] x = bfloat16s(9 * 70);
        try (CpuDevice faster = new CpuDevice(
                Precision.BFLOAT16, 2, false, null, new OneDnn(Objects.requireNonNull(OneDnnLibrary.get())))) {
            assertThat(linear(faster, x, RowKinds.ofAnswers(9), weights, bias))
                    .isEqualTo(linear(oneDnn, x, RowKinds.ofPrompt(9), weights, bias));
            assertThat(linear(faster, x, new RowKinds(8, 1), weights, bias))
                    .isEqualTo(linear(oneDnn, x, RowKinds.ofPrompt(9), weights, bias));
            assertThat(linear(faster, Arrays.copyOf(x, 7 * 70), RowKinds.ofAnswers(7), weights, bias))
                    .isEqualTo(linear(java, Arrays.copyOf(x, 7 * 70), RowKinds.ofAnswers(7), weights, bias));
        }
    }

    private static float[] linear(CpuDevice device, float[] x, RowKinds rows, List<Tensor> weights, float[] bias) {
        DeviceBuffer out = device.allocate(rows.rows() * bias.length);
        device.linear(new CpuBuffer(x), rows, device.matrix(weights), new CpuBuffer(bias), out);
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
