package dev.saccade.quickstart.endtoend;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program of ours in a JVM of its own, on the tests' class path, which can be killed for real. */
final class JavaChild implements AutoCloseable {

    private static final List<String> FLAGS = List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Xmx640m");

    private final Process process;
    private final Path output;

    private JavaChild(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static JavaChild start(String mainClass, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString()));
        command.addAll(FLAGS);
        command.add("-Dsaccade.home=" + System.getProperty("saccade.home"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(Fixtures.emptyFolder("child"), "output", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new JavaChild(builder.start(), output);
    }

    /** Waits until the program has printed this, and gives the first group of it. */
    String awaitPrinted(String regex) {
        Pattern pattern = Pattern.compile(regex);
        Matcher found = await("printed " + regex + " to " + output)
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(100))
                .failFast(
                        () -> !process.isAlive() && !pattern.matcher(printed()).find())
                .until(() -> pattern.matcher(printed()), Matcher::find);
        return found.groupCount() == 0 ? found.group() : found.group(1);
    }

    String printed() throws IOException {
        return Files.readString(output);
    }

    /** {@code kill -9}: nothing of the program's own can run any more. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; gives the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return awaitExit();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(90, TimeUnit.SECONDS)) {
            throw new AssertionError("The program did not end; it printed to " + output);
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            terminate();
        }
    }
}
