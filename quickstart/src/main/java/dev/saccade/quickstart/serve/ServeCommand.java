package dev.saccade.quickstart.serve;

import dev.saccade.quickstart.StartupException;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.stack.Quickstart;
import dev.saccade.quickstart.stack.QuickstartOptions;
import dev.saccade.quickstart.stack.StopSignal;
import dev.saccade.quickstart.stack.UserConsole;
import dev.saccade.quickstart.stack.UserFolders;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs everything on a data folder until Ctrl-C or SIGTERM, then finishes what is running and exits with 0. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Runs everything in one process on a data folder that survives restarts.")
public final class ServeCommand implements Callable<Integer> {

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "The API's port on 127.0.0.1; 0 takes any free one (default: ${DEFAULT-VALUE}).")
    private int port = 8080;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where everything is kept (default: $XDG_DATA_HOME/saccade, else ~/.local/share/saccade).")
    private @Nullable Path data;

    @Mixin
    private ModelOptions model = new ModelOptions();

    private PrintStream out = System.out;

    @Override
    public Integer call() throws InterruptedException {
        out = UserConsole.take();
        StopSignal stop = StopSignal.install();
        Path folder = data == null ? UserFolders.data() : data;
        try {
            QuickstartOptions options = QuickstartOptions.keep(folder, model).withPort(port);
            out.println("Starting ...");
            try (Quickstart quickstart = Quickstart.start(options, step -> {})) {
                if (!stop.isRequested()) {
                    describe(quickstart);
                    stop.await();
                }
                out.println("Stopping: jobs that are running are finished first; press Ctrl-C to end at once.");
            }
            out.println("Stopped.");
            return 0;
        } catch (StartupException e) {
            if (stop.isRequested()) {
                // Ctrl-C reaches the programs that are being run, too: what failed is no news.
                out.println("Stopped.");
                return 0;
            }
            System.err.println("saccade: " + e.getMessage());
            return 2;
        }
    }

    private void describe(Quickstart quickstart) {
        out.printf(
                """
                Saccade is ready.
                  URL      %1$s
                  API key  %2$s
                  Model    %3$s%4$s
                  Data     %5$s (log: logs/saccade.log)

                Try it:
                  curl -H 'Authorization: Bearer %2$s' -F file=@clip.mp4 %1$s/v1/videos
                  curl -H 'Authorization: Bearer %2$s' -H 'Content-Type: application/json' \\
                       -d '{"video": "vid_...", "question": "Is it safe to turn right?"}' %1$s/v1/jobs
                  curl -H 'Authorization: Bearer %2$s' %1$s/v1/jobs/job_...
                API description: %1$s/v3/api-docs   Health: %1$s/actuator/health/readiness
                Press Ctrl-C to stop.
                """,
                quickstart.baseUri(),
                quickstart.apiKey(),
                model.folder(),
                model.isDemoModel() ? " (the demo model: it knows only its toy world)" : "",
                quickstart.dataFolder());
        out.flush();
    }
}
