package dev.saccade.runtime.device.cpu;

import dev.saccade.runtime.Precision;

/** A device whose products are all AMX's, however small, so that the demo model shows what large ones do. */
public final class TiledDevice {

    private TiledDevice() {}

    /** Where {@link ProductKernels#best} is {@link ProductKernels#AMX}. */
    public static CpuDevice open(int threads) {
        return new CpuDevice(Precision.BFLOAT16, threads, true, null, ProductKernels.AMX);
    }
}
