package dev.saccade.quickstart.cli;

import dev.saccade.runtime.DeviceChoice;
import dev.saccade.runtime.Engine;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.Precision;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which checkpoint a command runs, and how it is stored in memory. */
public final class ModelOptions {

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "A checkpoint folder as published (default: $SACCADE_MODEL, else the bundled demo model).")
    private @Nullable Path model;

    @Option(
            names = "--precision",
            paramLabel = "bfloat16|float32",
            defaultValue = "BFLOAT16",
            description = "How weights are kept; float32 is for comparisons with reference values.")
    private Precision precision = Precision.BFLOAT16;

    @Option(
            names = "--device",
            paramLabel = "auto|cpu|cuda",
            defaultValue = "AUTO",
            description = "What computes: auto takes a GPU where one can be used (default: auto).")
    private DeviceChoice device = DeviceChoice.AUTO;

    /** The folder that was asked for, or the demo model. */
    public Path folder() {
        if (model != null) {
            return model;
        }
        String configured = System.getenv("SACCADE_MODEL");
        return configured == null || configured.isBlank() ? demoModel() : Path.of(configured);
    }

    /** Whether it is the toy model of the repository, which knows nothing about the real world. */
    public boolean isDemoModel() {
        return folder().equals(demoModel());
    }

    public Precision precision() {
        return precision;
    }

    public Engine open() {
        return Engine.open(
                folder(),
                EngineOptions.DEFAULT.toBuilder()
                        .precision(precision)
                        .device(device)
                        .build());
    }

    /** The repository's root, as the launcher found it. */
    public static Path home() {
        return Path.of(System.getProperty("saccade.home", "."));
    }

    /** The toy model of the repository. */
    public static Path demoModel() {
        return home().resolve("gpu-runtime/demo-model");
    }
}
