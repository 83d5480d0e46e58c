package dev.saccade.api.running;

import java.nio.file.Path;

/** Media of the repository. */
public final class Clips {

    private static final Path FOLDER = Path.of(System.getProperty("saccade.home"), "gpu-runtime/demo-clips");

    public static final Path VIDEO = FOLDER.resolve("driving/clips/driving_000.mp4");
    public static final Path IMAGE = FOLDER.resolve("image/clips/image_000.jpg");

    private Clips() {}
}
