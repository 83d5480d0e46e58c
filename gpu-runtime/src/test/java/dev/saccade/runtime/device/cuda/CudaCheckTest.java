package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.device.cpu.CpuDevice;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The timing half of {@code ./saccade gpu check}; the emulated device's clock says 1 ms whatever is timed. */
@ExtendWith(EmulatedGpu.class)
class CudaCheckTest {

    /** So slow a card that nothing is repeated often. */
    private static final double RATE = 1;

    static Stream<KernelCase> kinds() {
        return Stream.of(
                KernelCases.linear(2, 64, 16),
                DrawCases.draw(1, 64, 0, 0, 1),
                DrawCases.controlledDraw(1, 64, 1, 5, 1));
    }

    /** A draw waits for the device, which no recorded operation may. */
    @ParameterizedTest
    @MethodSource("kinds")
    void everyKindOfOperationIsTimed(KernelCase one) {
        try (CudaDevice cuda = new CudaDevice();
                CudaClock clock = new CudaClock(cuda.context());
                CpuDevice cpu = new CpuDevice(Precision.BFLOAT16, 1)) {
            CudaCheck.Figure figure = CudaCheck.timed(one, cuda, cpu, clock, RATE, RATE);

            assertThat(figure.difference()).isLessThanOrEqualTo(CudaCheck.TOLERANCE);
            assertThat(figure.seconds()).isPositive();
        }
    }
}
