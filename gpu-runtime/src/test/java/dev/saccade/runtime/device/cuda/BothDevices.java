package dev.saccade.runtime.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.device.cpu.CpuDevice;

/** The CPU device, and the kernels on an emulated one, to be compared. */
final class BothDevices implements AutoCloseable {

    private final CudaDevice cuda;
    private final CpuDevice cpu;

    /** @param generation of the emulated device: {@link Emulator#AMPERE} or {@link Emulator#HOPPER} */
    BothDevices(int generation) {
        Emulator.start();
        Emulator.setGeneration(generation);
        cuda = new CudaDevice();
        cpu = new CpuDevice(Precision.BFLOAT16, 2);
    }

    CudaDevice cuda() {
        return cuda;
    }

    /** Within the rounding of bf16; what was counted before is forgotten. */
    void assertAgree(KernelCase one) {
        Emulator.reset();

        double difference = CudaCheck.difference(one, cuda, cpu);

        assertThat(Emulator.failure()).isEmpty();
        assertThat(difference).as(one.toString()).isLessThanOrEqualTo(CudaCheck.TOLERANCE);
    }

    @Override
    public void close() {
        cuda.close();
        cpu.close();
        Emulator.stop();
    }
}
