package dev.saccade.api.running;

import static org.awaitility.Awaitility.await;

import dev.saccade.api.ApiApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Another instance of the API, in a JVM of its own, on the parts of {@link RunningApi}. */
public final class ChildApi implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");
    private static final List<String> FLAGS = List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError");

    private final Process process;
    private final Path output;
    private final int port;

    private ChildApi(Process process, Path output) {
        this.process = process;
        this.output = output;
        this.port = awaitPort();
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param heap as {@code -Xmx} takes it
     * @param settings instead of those of {@code api}
     */
    public static ChildApi start(RunningApi api, String heap, String... settings) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx" + heap));
        command.addAll(FLAGS);
        command.add("-Dsaccade.home=" + System.getProperty("saccade.home"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ApiApplication.class.getName()));
        List<String> mine = List.of(settings);
        Stream.concat(
                        api.arguments().stream()
                                .filter(theirs -> mine.stream()
                                        .noneMatch(own -> theirs.startsWith(own.substring(0, own.indexOf('=') + 1)))),
                        mine.stream())
                .forEach(command::add);
        Path output = Files.createTempFile("saccade-child-api", ".txt");
        return new ChildApi(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    public Client client(String key) {
        return new Client(port, key);
    }

    public int port() {
        return port;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    private int awaitPort() {
        return await("an API that wrote to " + output)
                .atMost(Duration.ofMinutes(2))
                .failFast("it ended", () -> !process.isAlive())
                .until(
                        () -> {
                            Matcher started = PORT.matcher(Files.readString(output));
                            return started.find() ? Integer.parseInt(started.group(1)) : 0;
                        },
                        port -> port > 0);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        Files.delete(output);
    }
}
