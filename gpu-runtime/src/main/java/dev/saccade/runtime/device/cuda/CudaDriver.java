package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** What every call of the driver has in common: whether there is one, and what its errors mean. */
final class CudaDriver {

    private static final int OLDEST_COMPUTE_CAPABILITY = 80;

    private CudaDriver() {}

    /**
     * Why no device can be used, in a sentence for the user, or null where one can. JCuda is touched only where the driver's
     * library is there: its classes can't be loaded a second time after a failure.
     */
    static @Nullable String missing() {
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup("libcuda.so.1", arena);
        } catch (IllegalArgumentException e) {
            return "there is no NVIDIA driver (libcuda.so.1 is not found)";
        }
        try {
            int result = JCudaDriver.cuInit(0);
            if (result != CUresult.CUDA_SUCCESS) {
                return "the NVIDIA driver finds no usable device (" + CUresult.stringFor(result) + ")";
            }
            int[] count = new int[1];
            check(JCudaDriver.cuDeviceGetCount(count), "count devices");
            return count[0] > 0 ? null : "the NVIDIA driver sees no device";
        } catch (UnsatisfiedLinkError e) {
            return "JCuda's library for this system can't be loaded (" + e.getMessage() + ")";
        }
    }

    /** @throws DeviceException {@code unsupported-device} for what is older than Ampere */
    static void requireComputeCapability(int major, int minor, String name) {
        if (major * 10 + minor < OLDEST_COMPUTE_CAPABILITY) {
            throw new DeviceException(
                    "unsupported-device",
                    name + " has compute capability " + major + "." + minor
                            + "; the kernels need 8.0 (Ampere) or newer. Use device=cpu.");
        }
    }

    /**
     * @param action for the message, e.g. the name of a kernel
     * @throws DeviceException {@code out-of-memory} or {@code device-failed}
     */
    static void check(int result, String action) {
        if (result == CUresult.CUDA_SUCCESS) {
            return;
        }
        String code = result == CUresult.CUDA_ERROR_OUT_OF_MEMORY ? "out-of-memory" : "device-failed";
        throw new DeviceException(
                code, "The GPU reports " + CUresult.stringFor(result) + " (" + result + ") for: " + action);
    }

    /** An address in JCuda's form. */
    static CUdeviceptr pointer(long address) {
        return new CUdeviceptr().withByteOffset(address);
    }
}
