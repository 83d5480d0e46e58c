package dev.saccade.runtime.model;

import java.nio.file.Path;
import java.util.Objects;

/** Where the vendored model and clips lie. */
public final class DemoModel {

    private DemoModel() {}

    public static Path model() {
        return home().resolve("gpu-runtime/demo-model");
    }

    public static Path clips() {
        return home().resolve("gpu-runtime/demo-clips");
    }

    /** The repository. */
    public static Path home() {
        return Path.of(Objects.requireNonNull(System.getProperty("saccade.home"), "saccade.home is not set"));
    }
}
