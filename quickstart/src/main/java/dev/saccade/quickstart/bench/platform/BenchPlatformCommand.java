package dev.saccade.quickstart.bench.platform;

import dev.saccade.quickstart.StartupException;
import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.quickstart.embedded.DataFolder;
import dev.saccade.quickstart.stack.Quickstart;
import dev.saccade.quickstart.stack.QuickstartOptions;
import dev.saccade.quickstart.stack.UserConsole;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Throughput and latency of the platform around the engine. */
@Command(
        name = "platform",
        mixinStandardHelpOptions = true,
        description =
                "Jobs through HTTP, PostgreSQL, the broker and a worker, with an engine that takes 1 ms a job. Every"
                        + " commit waits for the disk.")
public final class BenchPlatformCommand implements Callable<Integer> {

    private static final int SLOTS = 64;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "4000",
            description =
                    "Jobs of the measure of single POSTs; batches take twice as many (default: ${DEFAULT-VALUE}).")
    private int jobs = 4_000;

    @Option(
            names = "--finished-jobs",
            paramLabel = "N",
            defaultValue = "0",
            description = "First fill the tables up to so many jobs that are over, by SQL (about 3 GB a million).")
    private long finishedJobs;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Keep the tables in this folder and start from what a run before has left there; otherwise they"
                            + " are made for the run, and removed.")
    private @Nullable Path data;

    @Option(
            names = "--embedded-broker",
            description = "Use the quickstart's own broker, even where a RabbitMQ can be had.")
    private boolean embedded;

    @Option(names = "--json", description = "Print the figures as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (jobs < 1 || finishedJobs < 0) {
            throw new UserError("--jobs takes 1 or more, --finished-jobs 0 or more");
        }
        PrintStream out = UserConsole.take();
        Path folder = Files.createTempDirectory("saccade-bench-");
        try (BenchBroker broker = BenchBroker.start(embedded, folder.resolve("rabbitmq"))) {
            PlatformFigures figures = measure(data == null ? folder.resolve("data") : data, broker);
            out.println(json ? Json.MAPPER.writeValueAsString(figures) : figures.table());
            return 0;
        } catch (StartupException e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        } finally {
            DataFolder.deleteTree(folder);
        }
    }

    private PlatformFigures measure(Path data, BenchBroker broker) throws StartupException {
        var options = QuickstartOptions.keep(data, new ModelOptions())
                .withEngine(new RecordedEngine())
                // as on a server: the quickstart's own are for a laptop
                .withDatabase(Map.of("shared_buffers", "1GB", "max_wal_size", "4GB", "max_connections", "60"))
                .withSettings(Map.of(
                        "saccade.worker.slots", SLOTS,
                        "saccade.worker.heartbeat-interval", "5s",
                        "saccade.ledger.rehint-after", "5m"));
        if (broker.address() != null) {
            options = options.withRabbitmq(broker.address());
        }
        try (Quickstart platform = Quickstart.start(options, step -> {});
                PlatformBench bench = new PlatformBench(platform, BenchPlatformCommand::tell)) {
            return bench.run(
                    jobs,
                    finishedJobs,
                    platform.ownersDatabase(),
                    broker.address() == null ? "qpid (embedded)" : "rabbitmq");
        } finally {
            tell("");
        }
    }

    private static void tell(String what) {
        if (System.console() != null) {
            System.err.print("\r\033[K" + what);
        }
    }
}
