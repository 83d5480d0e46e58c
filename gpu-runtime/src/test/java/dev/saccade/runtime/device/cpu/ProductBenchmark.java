package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.RowKinds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One projection of the 7B model with several numbers of rows. To run it, from the root:
 *
 * <pre>
 * ./mvnw -q -pl gpu-runtime test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
 * java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
 *   -cp gpu-runtime/target/test-classes:gpu-runtime/target/classes:$(cat gpu-runtime/target/classpath) \
 *   org.openjdk.jmh.Main ProductBenchmark
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@SuppressWarnings("NullAway.Init") // JMH calls open() first
public class ProductBenchmark {

    @Param({"1", "2", "4", "8", "16", "64", "512"})
    int rows;

    @Param({"3584x3584", "18944x3584"})
    String weights = "";

    @Param({"0"})
    int threads;

    private CpuDevice device;
    private Matrix matrix;
    private DeviceBuffer x;
    private DeviceBuffer out;
    private RowKinds kinds;

    /** Weights and rows of ordinary size; their values don't matter to the kernels. */
    @Setup
    public void open() {
        int outputs = Integer.parseInt(weights.substring(0, weights.indexOf('x')));
        int inputs = Integer.parseInt(weights.substring(weights.indexOf('x') + 1));
        device = new CpuDevice(Precision.BFLOAT16, threads);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment data = arena.allocate(2L * outputs * inputs, 64);
            for (long i = 0; i < (long) outputs * inputs; i++) {
                data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (0x3c00 + i % 97));
            }
            matrix = device.matrix(List.of(new Tensor("ordinary", DType.BF16, new int[] {outputs, inputs}, data)));
        }
        float[] values = new float[rows * inputs];
        Arrays.fill(values, 0.5f);
        x = new CpuBuffer(values);
        out = device.allocate(rows * outputs);
        kinds = RowKinds.ofPrompt(rows);
    }

    @Benchmark
    public void linear() {
        device.linear(x, kinds, matrix, null, out);
    }

    @TearDown
    public void close() {
        device.close();
    }
}
