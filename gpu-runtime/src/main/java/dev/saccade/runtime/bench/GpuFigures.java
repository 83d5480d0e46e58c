package dev.saccade.runtime.bench;

import dev.saccade.runtime.device.cuda.CudaCheck;
import java.util.List;
import java.util.function.Consumer;

/**
 * Every kernel on this machine's GPU against the CPU device, and how fast it is.
 *
 * @param bytesPerSecond of reading a large memory once
 * @param flops of a large bf16 product
 */
public record GpuFigures(String device, double bytesPerSecond, double flops, List<Kernel> kernels) {

    /**
     * What one kernel did.
     *
     * @param difference norm of the difference to the CPU device's result, relative to the norm of that
     * @param seconds of one run; 0 where it wasn't timed
     * @param bound what the card's share is of: {@code bandwidth} or {@code arithmetic}
     */
    public record Kernel(
            String kernel,
            String shape,
            double difference,
            boolean agrees,
            double seconds,
            String bound,
            double share) {}

    /**
     * Takes about a minute.
     *
     * @param progress hears a line about each kernel
     * @throws dev.saccade.runtime.DeviceException where there is no usable GPU
     */
    public static GpuFigures measure(Consumer<String> progress) {
        CudaCheck.Report report = CudaCheck.run(progress);
        return new GpuFigures(
                report.device(),
                report.bytesPerSecond(),
                report.flops(),
                report.figures().stream()
                        .map(one -> new Kernel(
                                one.kernel(),
                                one.shape(),
                                one.difference(),
                                one.agrees(),
                                one.seconds(),
                                one.bound(),
                                one.share()))
                        .toList());
    }

    /** Whether no kernel differs from the CPU by more than rounding. */
    public boolean agree() {
        return kernels.stream().allMatch(Kernel::agrees);
    }
}
