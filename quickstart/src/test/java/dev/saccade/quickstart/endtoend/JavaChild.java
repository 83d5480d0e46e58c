package dev.saccade.quickstart.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .failFast(
                        () -> !process.isAlive() && !pattern.matcher(printed()).find())
                .until(() -> pattern.matcher(printed()), Matcher::find);
        return found.groupCount() == 0 ? found.group() : found.group(1);
    }

    String printed() throws IOException {
        return Files.readString(output);
    }

    /**
     * {@code kill -9} in a moment of which the condition is true for certain: the program is frozen while it is looked at.
     *
     * @param moment read from outside, e.g. from the database
     */
    void killWhen(Callable<Boolean> moment) throws Exception {
        await("the moment to kill the program")
                .atMost(Duration.ofMinutes(3))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(25))
                .until(() -> frozenIn(moment));
        process.destroyForcibly().waitFor();
    }

    private boolean frozenIn(Callable<Boolean> moment) throws Exception {
        if (!moment.call()) {
            return false;
        }
        signal("STOP");
        // What the program had sent before it froze still arrives; after that nothing can change.
        await().pollDelay(Duration.ofMillis(200)).until(() -> true);
        if (moment.call()) {
            return true;
        }
        signal("CONT");
        return false;
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                .start()
                .waitFor();
        assertThat(code).as("exit code of kill -%s", name).isZero();
    }

    /** SIGTERM; gives the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return awaitExit();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
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
