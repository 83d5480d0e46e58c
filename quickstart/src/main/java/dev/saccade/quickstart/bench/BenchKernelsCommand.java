package dev.saccade.quickstart.bench;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.runtime.bench.KernelBench;
import dev.saccade.runtime.bench.KernelFigures;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Speed of the matrix products. */
@Command(
        name = "kernels",
        mixinStandardHelpOptions = true,
        description = "Matrix products of the CPU, beside reading the weights and beside oneDNN alone.")
final class BenchKernelsCommand implements Callable<Integer> {

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads that compute (default: one for each processor).")
    private int threads;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "20",
            description = "How often each kernel is run; the best counts (default: ${DEFAULT-VALUE}).")
    private int rounds = 20;

    @Option(names = "--json", description = "Print the figures as one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        boolean watched = System.console() != null;
        KernelFigures figures = KernelBench.run(threads, Math.max(1, rounds), what -> {
            if (watched) {
                System.err.print("\r\033[K" + what);
            }
        });
        if (watched) {
            System.err.print("\r\033[K");
        }
        System.out.println(json ? Json.pretty(figures) : figures.table());
        return 0;
    }
}
