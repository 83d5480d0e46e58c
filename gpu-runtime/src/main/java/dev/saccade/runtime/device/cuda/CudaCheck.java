package dev.saccade.runtime.device.cuda;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.device.cpu.CpuDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import jcuda.driver.CUdevice_attribute;

/**
 * Runs every kernel on the card and on the CPU device with the same inputs, and times those of the 7B model's shapes
 * against what the card does at best: the rate at which it reads a large memory, and of a large product by cuBLAS.
 */
public final class CudaCheck {

    /** Two roundings to bf16, relative to the whole result: 2^-9 each at the most, and less on average. */
    static final double TOLERANCE = 5e-3;

    private static final int PEAK_SIDE = 8192;
    private static final long READ_BYTES = 2L << 30;

    private final Consumer<String> progress;

    private CudaCheck(Consumer<String> progress) {
        this.progress = progress;
    }

    /**
     * What one kernel did.
     *
     * @param difference norm of the difference to the CPU device's result, relative to the norm of that
     * @param seconds of one run; 0 where it wasn't timed
     * @param share of what the card does at best, of bytes or of arithmetic, whichever bounds the kernel
     */
    public record Figure(String kernel, String shape, double difference, double seconds, String bound, double share) {

        public boolean agrees() {
            return difference <= TOLERANCE;
        }

        @Override
        public String toString() {
            String timed = seconds == 0
                    ? ""
                    : String.format(Locale.ROOT, "%9.1f us  %3.0f %% of %s", seconds * 1e6, share * 100, bound);
            return String.format(
                    Locale.ROOT, "%-18s %-60s %.1e %s %s", kernel, shape, difference, agrees() ? "ok " : "NOT", timed);
        }
    }

    /**
     * @param bytesPerSecond of reading a large memory once
     * @param flops of a large bf16 product
     */
    public record Report(String device, double bytesPerSecond, double flops, List<Figure> figures) {}

    /** @throws dev.saccade.runtime.DeviceException where there is no usable GPU */
    public static Report run(Consumer<String> progress) {
        return new CudaCheck(progress).run();
    }

    private Report run() {
        List<Figure> figures = new ArrayList<>();
        String name;
        double bytes;
        double flops;
        try (CudaDevice cuda = new CudaDevice();
                CudaClock clock = new CudaClock(cuda.context());
                CpuDevice cpu = new CpuDevice(Precision.BFLOAT16, 0)) {
            name = cuda.name();
            bytes = readRate(cuda, clock);
            flops = productRate(cuda, clock);
            progress.accept(String.format(
                    Locale.ROOT, "%s: reads %.2f TB/s, multiplies %.0f TFLOP/s", name, bytes / 1e12, flops / 1e12));
            for (KernelCase one : KernelShapes.odd()) {
                add(figures, new Figure(one.kernel(), one.shape(), difference(one, cuda, cpu), 0, "", 0));
            }
        }
        for (KernelCase one : KernelShapes.large()) {
            try (CudaDevice cuda = new CudaDevice();
                    CudaClock clock = new CudaClock(cuda.context());
                    CpuDevice cpu = new CpuDevice(Precision.BFLOAT16, 0)) {
                add(figures, timed(one, cuda, cpu, clock, bytes, flops));
            }
        }
        return new Report(name, bytes, flops, figures);
    }

    private void add(List<Figure> figures, Figure figure) {
        figures.add(figure);
        progress.accept(figure.toString());
    }

    static double difference(KernelCase one, CudaDevice cuda, CpuDevice cpu) {
        return difference(
                once(one.preparation().on(cuda)), once(one.preparation().on(cpu)));
    }

    private static float[] once(KernelCase.Run run) {
        run.operation().run();
        return run.result().get();
    }

    static Figure timed(
            KernelCase one, CudaDevice cuda, CpuDevice cpu, CudaClock clock, double bytesPerSecond, double flops) {
        KernelCase.Run run = one.preparation().on(cuda);
        double difference = difference(once(run), once(one.preparation().on(cpu)));
        double least = Math.max(one.bytes() / bytesPerSecond, one.flops() / flops);
        int repeats = (int) Math.clamp(2e-3 / least, 5, 200);
        double seconds = run.waits()
                ? clock.secondsWithTheHost(repeats, run.operation())
                : clock.seconds(repeats, run.operation());
        boolean memory = one.bytes() / bytesPerSecond >= one.flops() / flops;
        return new Figure(
                one.kernel(), one.shape(), difference, seconds, memory ? "bandwidth" : "arithmetic", least / seconds);
    }

    /** Relative to the reference's norm; infinite where a value is not a number. */
    static double difference(float[] result, float[] reference) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < reference.length; i++) {
            difference += Math.pow((double) result[i] - reference[i], 2);
            norm += Math.pow(reference[i], 2);
        }
        double relative = Math.sqrt(difference / norm);
        return Double.isNaN(relative) ? Double.POSITIVE_INFINITY : relative;
    }

    private static double readRate(CudaDevice cuda, CudaClock clock) {
        CudaContext context = cuda.context();
        long bytes = Math.min(READ_BYTES, context.freeBytes() / 4);
        long memory = context.allocate(bytes, "measuring");
        context.fillWithZeros(memory, bytes);
        int blocks = 16 * context.attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
        double seconds =
                clock.seconds(5, () -> context.launch("read_once", blocks, 1, 1, 256, 0, memory, bytes / 16, memory));
        context.free(memory);
        return bytes / seconds;
    }

    private static double productRate(CudaDevice cuda, CudaClock clock) {
        return 2 * Math.pow(PEAK_SIDE, 3) / clock.seconds(3, cuda.largeProduct(PEAK_SIDE));
    }
}
