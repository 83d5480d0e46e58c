package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.device.cpu.CpuDevice;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernels that ship, compiled for the processor, against the CPU device. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CudaKernelsTest {

    private @Nullable CudaDevice cuda;
    private @Nullable CpuDevice cpu;

    @BeforeAll
    void open() {
        Emulator.start();
        cuda = new CudaDevice();
        cpu = new CpuDevice(Precision.BFLOAT16, 2);
    }

    @AfterAll
    void close() {
        if (cuda != null) {
            cuda.close();
        }
        if (cpu != null) {
            cpu.close();
        }
        Emulator.stop();
    }

    static Stream<KernelCase> odd() {
        return KernelCases.odd().stream();
    }

    @ParameterizedTest
    @MethodSource("odd")
    void kernelsAgreeWithTheCpuDevice(KernelCase one) {
        double difference = CudaCheck.difference(one, Objects.requireNonNull(cuda), Objects.requireNonNull(cpu));

        assertThat(Emulator.failure()).isEmpty();
        assertThat(difference).isLessThanOrEqualTo(CudaCheck.TOLERANCE);
    }
}
