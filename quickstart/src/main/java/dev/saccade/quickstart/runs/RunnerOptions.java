package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.quickstart.stack.StopSignal;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where questions are answered. */
public final class RunnerOptions {

    @Mixin
    private ModelOptions model = new ModelOptions();

    @Option(
            names = "--service",
            paramLabel = "URL",
            description = "Ask a running service, by batches, instead of answering in this process.")
    private @Nullable URI service;

    @Option(names = "--key", paramLabel = "KEY", description = "The service's API key (default: $SACCADE_KEY).")
    private @Nullable String key;

    /** Opens the model, or makes sure that the service answers. */
    public Runner open(StopSignal stop) throws IOException {
        if (service == null) {
            return new LocalRunner(model, stop);
        }
        if (!"http".equals(service.getScheme()) && !"https".equals(service.getScheme()) || service.getHost() == null) {
            throw new UserError("--service is an address such as http://127.0.0.1:8080");
        }
        String given = key == null ? System.getenv("SACCADE_KEY") : key;
        if (given == null || given.isBlank()) {
            throw new UserError("--service needs an API key: give it with --key, or in SACCADE_KEY");
        }
        return ServiceRunner.connect(service, given.strip(), stop);
    }
}
