package dev.saccade.runtime;

import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.cpu.CpuDevice;
import dev.saccade.runtime.device.cuda.CudaDevice;
import dev.saccade.runtime.sampling.SamplerWarmup;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Opens the device that an engine's options ask for. */
final class Devices {

    private static final Logger LOG = System.getLogger(Devices.class.getName());

    private Devices() {}

    /** @param options what was asked for, with the size of the KV cache where that was left open */
    record Opened(Device device, EngineOptions options) {}

    /** @throws DeviceException {@code no-device} where a GPU was asked for and can't be used, saying what is missing */
    static Opened open(Checkpoint checkpoint, EngineOptions options) {
        return switch (options.device()) {
            case CPU -> cpu(checkpoint, options);
            case CUDA -> cuda(checkpoint, options);
            case AUTO -> {
                String reason =
                        options.precision() == Precision.FLOAT32 ? "float32 was asked for" : CudaDevice.missing();
                if (reason == null) {
                    yield cuda(checkpoint, options);
                }
                LOG.log(Level.INFO, "The model runs on the processor: " + reason);
                yield cpu(checkpoint, options);
            }
        };
    }

    private static Opened cpu(Checkpoint checkpoint, EngineOptions options) {
        CpuDevice device = CpuDevice.forCheckpoint(checkpoint, options);
        device.warmUp(SamplerWarmup::run);
        int tokens = options.kvCacheTokens();
        return new Opened(device, tokens > 0 ? options : withCache(options, EngineOptions.DEFAULT.kvCacheTokens()));
    }

    private static EngineOptions withCache(EngineOptions options, int tokens) {
        return options.toBuilder().kvCacheTokens(tokens).build();
    }

    private static Opened cuda(Checkpoint checkpoint, EngineOptions options) {
        if (options.precision() == Precision.FLOAT32) {
            throw new DeviceException(
                    "no-device", "device=cuda computes in bfloat16 only; ask for it, or for device=cpu.");
        }
        CudaDevice device = new CudaDevice();
        long free = device.freeBytes();
        DeviceMemoryPlan plan =
                DeviceMemoryPlan.of(checkpoint.config(), options).within(free);
        if (!plan.fits(free)) {
            device.close();
            throw new DeviceException(
                    "out-of-memory", "The model does not fit " + device.name() + ":\n" + plan.table(free));
        }
        LOG.log(Level.INFO, "The model runs on " + device.name() + ":\n" + plan.table(free));
        return new Opened(device, withCache(options, plan.kvTokens()));
    }
}
