package dev.saccade.quickstart.bench.scaling;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plays a day of a fleet under the chart's autoscaling, and under others. */
@Command(
        name = "scaling",
        mixinStandardHelpOptions = true,
        description = "Plays a day of autoscaled workers, without any: how long jobs wait, and how busy GPUs are.")
public final class BenchScalingCommand implements Callable<Integer> {

    private static final int DAY = 86_400;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "1.5",
            description = "Jobs a second, on average; a third of that in bursts (default: ${DEFAULT-VALUE}).")
    private double rate = 1.5;

    @Option(
            names = "--job-seconds",
            paramLabel = "S",
            defaultValue = "20",
            description = "A job's mean time on a full worker (default: ${DEFAULT-VALUE}).")
    private double jobSeconds = 20;

    @Option(
            names = "--load-seconds",
            paramLabel = "S",
            defaultValue = "300",
            description = "From a worker that is wanted to one that takes jobs (default: ${DEFAULT-VALUE}).")
    private int loadSeconds = 300;

    @Option(
            names = "--max-workers",
            paramLabel = "N",
            defaultValue = "20",
            description = "Most workers (default: ${DEFAULT-VALUE}).")
    private int maxWorkers = 20;

    @Override
    public Integer call() {
        print(System.out);
        return 0;
    }

    private void print(PrintStream out) {
        Scaling chart = Scaling.CHART.withMaxReplicas(maxWorkers);
        Map<String, Scaling> settings = new LinkedHashMap<>();
        settings.put("the chart's", chart);
        settings.put("half as many jobs a worker", chart.withJobsPerWorker(chart.jobsPerWorker() / 2));
        settings.put("twice as many jobs a worker", chart.withJobsPerWorker(chart.jobsPerWorker() * 2));
        settings.put("down after 1 min, not 10", chart.withStabilizationSeconds(60));
        Map<String, Load> loads = new LinkedHashMap<>();
        loads.put("steady", new Load.Steady(rate));
        loads.put("a day", new Load.Diurnal(rate));
        loads.put("bursts", new Load.Burst(rate / 3));
        out.printf(
                Locale.ROOT,
                "%.2f jobs/s, %.0f s each, %d slots, %d s to load, at most %d workers%n%n%-8s %-28s %9s %9s %9s %6s %5s%n",
                rate,
                jobSeconds,
                chart.jobsPerWorker(),
                loadSeconds,
                maxWorkers,
                "load",
                "setting",
                "wait p50",
                "wait p99",
                "GPU h",
                "busy",
                "most");
        loads.forEach((load, arrivals) -> settings.forEach((setting, scaling) -> {
            Outcome outcome = Fleet.run(
                    new Work(arrivals, jobSeconds, Scaling.CHART.jobsPerWorker(), loadSeconds, DAY, 1), scaling);
            out.printf(
                    Locale.ROOT,
                    "%-8s %-28s %7.0f s %7.0f s %9.1f %5.0f%% %5d%n",
                    load,
                    setting,
                    outcome.waitMedian(),
                    outcome.waitMost99(),
                    outcome.gpuHours(),
                    outcome.busy() * 100,
                    outcome.mostWorkers());
        }));
    }
}
