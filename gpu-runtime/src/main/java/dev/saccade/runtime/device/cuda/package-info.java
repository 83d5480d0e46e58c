/**
 * The model on an NVIDIA GPU, from Ampere on: kernels of our own through JCuda's driver API, large products through cuBLAS.
 * Start at {@link dev.saccade.runtime.device.cuda.CudaDevice}; the kernels are in {@code src/main/cuda}.
 */
@NullMarked
package dev.saccade.runtime.device.cuda;

import org.jspecify.annotations.NullMarked;
