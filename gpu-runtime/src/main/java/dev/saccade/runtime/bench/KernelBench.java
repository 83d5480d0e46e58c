package dev.saccade.runtime.bench;

import dev.saccade.runtime.Precision;
import dev.saccade.runtime.checkpoint.DType;
import dev.saccade.runtime.checkpoint.Tensor;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.Matrix;
import dev.saccade.runtime.device.RowKinds;
import dev.saccade.runtime.device.cpu.BareOneDnn;
import dev.saccade.runtime.device.cpu.CpuDevice;
import dev.saccade.runtime.device.cpu.ProductKernels;
import dev.saccade.runtime.device.cpu.WeightReading;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The CPU's matrix products on the largest layer of the 7B model, each beside its limit: reading the same weights, and
 * oneDNN alone. Kernels and limits are run in turn and the best of each counts, so that what else the machine does
 * disturbs both alike.
 */
public final class KernelBench {

    /** Gate and up projections of the 7B model, stacked. */
    private static final int OUTPUTS = 37_888;

    private static final int INPUTS = 3_584;
    private static final int[] DECODE_ROWS = {1, 2, 4, 8, 16};
    private static final int[] PRODUCT_ROWS = {8, 64, 512};
    private static final int[] INVARIANCE_ROWS = {8, 16, 32};
    private static final int MOST_ROWS = 512;

    private final int threads;
    private final int rounds;
    private final Consumer<String> progress;
    private final CpuDevice device;
    private final Matrix weights;
    private final DeviceBuffer x;
    private final DeviceBuffer out;
    private final Map<String, Double> best = new HashMap<>();

    private KernelBench(int threads, int rounds, CpuDevice device, Consumer<String> progress) {
        this.threads = threads;
        this.rounds = rounds;
        this.progress = progress;
        this.device = device;
        this.weights = randomWeights(device);
        this.x = device.allocate(MOST_ROWS * INPUTS);
        this.out = device.allocate(MOST_ROWS * OUTPUTS);
        Random random = new Random(1);
        float[] row = new float[INPUTS];
        for (int i = 0; i < MOST_ROWS; i++) {
            for (int k = 0; k < INPUTS; k++) {
                row[k] = (float) random.nextGaussian();
            }
            device.write(row, 0, INPUTS, x.view(i * INPUTS, INPUTS));
        }
    }

    /**
     * Takes about a minute.
     *
     * @param threads that compute; 0 takes all processors
     * @param rounds how often each kernel is run, at least
     * @param progress hears what is being measured
     */
    public static KernelFigures run(int threads, int rounds, Consumer<String> progress) {
        int used = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        Machine machine = Machine.here(used);
        progress.accept("packing weights");
        try (CpuDevice device = new CpuDevice(Precision.BFLOAT16, used)) {
            return new KernelBench(used, rounds, device, progress).measure(machine);
        }
    }

    private KernelFigures measure(Machine machine) {
        List<KernelFigures.Figure> figures = new ArrayList<>();
        decode(figures);
        products(figures);
        invariance(figures, !ProductKernels.best().oneForAllRows());
        double bytes = 2.0 * OUTPUTS * INPUTS;
        double front = bytes / best("front to back") / 1e9;
        return new KernelFigures(OUTPUTS, INPUTS, bytes / reading() / 1e9, front, figures, machine);
    }

    private void decode(List<KernelFigures.Figure> figures) {
        try (WeightReading reading = new WeightReading(weights, threads)) {
            for (int round = 0; round < rounds; round++) {
                progress.accept("decode kernels, round " + (round + 1) + " of " + rounds);
                time("front to back", reading::frontToBack);
                time("side by side", reading::sideBySide);
                for (int rows : DECODE_ROWS) {
                    time("answers " + rows, () -> linear(RowKinds.ofAnswers(rows)));
                }
            }
            for (int rows : DECODE_ROWS) {
                double seconds = best("answers " + rows);
                figures.add(KernelFigures.Figure.decode(
                        rows,
                        reading.bytes() / seconds / 1e9,
                        reading() / seconds,
                        rows * best("answers 1") / seconds));
            }
        }
    }

    private double reading() {
        return Math.min(best("front to back"), best("side by side"));
    }

    private void products(List<KernelFigures.Figure> figures) {
        BareOneDnn bare = BareOneDnn.open(threads);
        try (bare) {
            for (int rows : PRODUCT_ROWS) {
                products(rows, bare);
                double work = 2.0 * rows * OUTPUTS * INPUTS / 1e9;
                figures.add(KernelFigures.Figure.product(
                        rows,
                        work / best("prompt " + rows),
                        bare == null ? null : work / best("oneDNN bf16 " + rows),
                        bare == null ? null : work / best("oneDNN float32 " + rows),
                        ProductKernels.best().label()));
            }
        }
    }

    private void products(int rows, @Nullable BareOneDnn bare) {
        int repeats = Math.max(3, rounds * 8 / rows);
        if (bare == null) {
            repeat("prompt " + rows, repeats, () -> linear(RowKinds.ofPrompt(rows)));
            return;
        }
        try (BareOneDnn.Product bfloat16 = bare.bfloat16(rows, OUTPUTS, INPUTS);
                BareOneDnn.Product float32 = bare.float32(rows, OUTPUTS, INPUTS)) {
            for (int i = 0; i < repeats; i++) {
                progress.accept("products of " + rows + " rows, round " + (i + 1) + " of " + repeats);
                time("oneDNN bf16 " + rows, bfloat16::run);
                time("oneDNN float32 " + rows, float32::run);
                time("prompt " + rows, () -> linear(RowKinds.ofPrompt(rows)));
            }
        }
    }

    /** Where prompts have a kernel of their own, answers could take it too, at the price of their invariance. */
    private void invariance(List<KernelFigures.Figure> figures, boolean another) {
        for (int rows : INVARIANCE_ROWS) {
            if (!another) {
                figures.add(KernelFigures.Figure.invariance(rows, 0));
                continue;
            }
            for (int round = 0; round < rounds; round++) {
                progress.accept("price of invariance with " + rows + " rows");
                time("answers " + rows, () -> linear(RowKinds.ofAnswers(rows)));
                time("prompt " + rows, () -> linear(RowKinds.ofPrompt(rows)));
            }
            double price = 1 - best("prompt " + rows) / best("answers " + rows);
            figures.add(KernelFigures.Figure.invariance(rows, Math.max(0, price)));
        }
    }

    private void linear(RowKinds rows) {
        device.linear(x, rows, weights, null, out);
    }

    private void repeat(String name, int repeats, Runnable kernel) {
        for (int i = 0; i < repeats; i++) {
            progress.accept(name);
            time(name, kernel);
        }
    }

    private void time(String name, Runnable kernel) {
        long start = System.nanoTime();
        kernel.run();
        best.merge(name, (System.nanoTime() - start) / 1e9, Math::min);
    }

    private double best(String name) {
        return best.getOrDefault(name, Double.NaN);
    }

    /** Rows of one random block, again and again: their values don't matter to the kernels. */
    private static Matrix randomWeights(CpuDevice device) {
        Random random = new Random(2);
        short[] block = new short[16 * INPUTS];
        for (int i = 0; i < block.length; i++) {
            block[i] = (short) (Float.floatToRawIntBits((float) random.nextGaussian() * 0.02f) >>> 16);
        }
        try (Arena arena = Arena.ofShared()) {
            MemorySegment data = arena.allocate(2L * OUTPUTS * INPUTS, 64);
            for (int at = 0; at < OUTPUTS / 16; at++) {
                MemorySegment.copy(block, 0, data, ValueLayout.JAVA_SHORT, 2L * at * block.length, block.length);
            }
            return device.matrix(List.of(new Tensor("random", DType.BF16, new int[] {OUTPUTS, INPUTS}, data)));
        }
    }
}
