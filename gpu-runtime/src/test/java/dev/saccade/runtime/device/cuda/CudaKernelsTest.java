package dev.saccade.runtime.device.cuda;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernels that ship, compiled for the processor, against the CPU device. */
class CudaKernelsTest {

    private static final int SEEDS = 8;

    private static BothDevices devices;

    @BeforeAll
    static void open() {
        devices = new BothDevices(Emulator.AMPERE);
    }

    @AfterAll
    static void close() {
        devices.close();
    }

    static Stream<KernelCase> odd() {
        return KernelShapes.odd().stream();
    }

    @ParameterizedTest
    @MethodSource("odd")
    void kernelsAgreeWithTheCpuDevice(KernelCase one) {
        devices.assertAgree(one);
    }

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void kernelsAgreeAtRandomSizes(long seed) {
        KernelShapes.random(seed).forEach(devices::assertAgree);
    }
}
