package dev.saccade.runtime.device;

import dev.saccade.runtime.DeviceChoice;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.device.cpu.CpuDevice;
import dev.saccade.runtime.device.cuda.CudaDevice;
import dev.saccade.runtime.device.cuda.Emulator;

/**
 * What tests of the engine compute on: the processor, or with {@code -Ddevice=cuda-emulated} the CUDA kernels on the emulated
 * driver, which round to bf16 whatever precision is asked for.
 */
public final class TestDevice {

    private static final String EMULATED = "cuda-emulated";

    private TestDevice() {}

    /** For an engine that opens its device itself. */
    public static EngineOptions options(EngineOptions options) {
        if (!isEmulated()) {
            return options.toBuilder().device(DeviceChoice.CPU).build();
        }
        Emulator.start();
        return options.toBuilder()
                .device(DeviceChoice.CUDA)
                .precision(Precision.BFLOAT16)
                .build();
    }

    public static Device open(Precision precision) {
        if (!isEmulated()) {
            return new CpuDevice(precision, 2);
        }
        Emulator.start();
        return new CudaDevice();
    }

    /** @throws IllegalArgumentException for a device that tests know nothing of */
    public static boolean isEmulated() {
        String device = System.getProperty("device", "cpu");
        return switch (device) {
            case "cpu" -> false;
            case EMULATED -> true;
            default -> throw new IllegalArgumentException("-Ddevice=" + device + ": give cpu or " + EMULATED);
        };
    }
}
