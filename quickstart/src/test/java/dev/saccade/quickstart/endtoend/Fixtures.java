package dev.saccade.quickstart.endtoend;

import dev.saccade.quickstart.cli.ModelOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The bundled clips, and folders for data below {@code target}, where logs outlive a failed test. */
final class Fixtures {

    static final String QUESTION = "Is it safe to turn right?";
    static final String REASONING = "We wait at the crossing. The red car has already passed.";
    static final String ANSWER = "Yes, it is safe.";

    private Fixtures() {}

    /** The clip about which the reference implementation gives {@link #REASONING} and {@link #ANSWER}. */
    static Path clip() {
        return ModelOptions.home().resolve("gpu-runtime/demo-clips/driving/clips/driving_001.mp4");
    }

    /** An empty folder; a test run begins without what the last one left. */
    static Path emptyFolder(String name) throws IOException {
        Path parent = ModelOptions.home().resolve("quickstart/target/test-data");
        Files.createDirectories(parent);
        return Files.createTempDirectory(parent, name + "-");
    }

    /** A job whose answer does not depend on chance. */
    static Map<String, Object> greedyJob(String videoId, String question) {
        return Map.of(
                "video", videoId,
                "question", question,
                "sampling", Map.of("temperature", 0, "repetition_penalty", 1));
    }
}
