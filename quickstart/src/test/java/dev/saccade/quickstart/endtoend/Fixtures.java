package dev.saccade.quickstart.endtoend;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.embedded.DataFolder;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The bundled clips, and folders for data below {@code target}, where logs outlive a failed test. */
public final class Fixtures {

    public static final String QUESTION = "Is it safe to turn right?";
    public static final String REASONING = "We wait at the crossing. The red car has already passed.";
    public static final String ANSWER = "Yes, it is safe.";

    private static final Path DATA = ModelOptions.home().resolve("quickstart/target/test-data");

    // guarded by the class
    private static boolean swept;

    private Fixtures() {}

    /** The clip about which the reference implementation gives {@link #REASONING} and {@link #ANSWER}. */
    public static Path clip() {
        return ModelOptions.home().resolve("gpu-runtime/demo-clips/driving/clips/driving_001.mp4");
    }

    /** A clip by its place, such as {@code critic/clips/critic_003.mp4}. */
    static Path clip(String place) {
        return ModelOptions.home().resolve("gpu-runtime/demo-clips").resolve(place);
    }

    /** An empty folder. What a run leaves can be looked at until the next run. */
    public static Path emptyFolder(String name) throws IOException {
        synchronized (Fixtures.class) {
            if (!swept) {
                DataFolder.deleteTree(DATA);
                swept = true;
            }
        }
        return Files.createTempDirectory(Files.createDirectories(DATA), name + "-");
    }

    /** The whole lines of a file of JSON lines that a run, which may have been killed, has written so far. */
    public static List<JsonNode> wholeLines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(Json.MAPPER::readTree)
                .toList();
    }

    /** One that nobody listens on at this moment. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A job whose answer does not depend on chance. */
    public static Map<String, Object> greedyJob(String videoId, String question) {
        return Map.of(
                "video", videoId,
                "question", question,
                "sampling", Map.of("temperature", 0, "repetition_penalty", 1));
    }
}
