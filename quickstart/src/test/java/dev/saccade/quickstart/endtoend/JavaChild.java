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
public final class JavaChild implements AutoCloseable {

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

    public static JavaChild start(String mainClass, Map<String, String> environment, String... arguments)
            throws IOException {
        return startWithin(List.of(), mainClass, environment, arguments);
    }

    /** @param prefix a command that runs the one that follows it, such as {@code nice} */
    public static JavaChild startWithin(
            List<String> prefix, String mainClass, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
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
    public String awaitPrinted(String regex) {
        Pattern pattern = Pattern.compile(regex);
        Matcher found = await("printed " + regex + " to " + output)
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .failFast(
                        () -> !process.isAlive() && !pattern.matcher(printed()).find())
                .until(() -> pattern.matcher(printed()), Matcher::find);
        return found.groupCount() == 0 ? found.group() : found.group(1);
    }

    public String printed() throws IOException {
        return Files.readString(output);
    }

    /**
     * {@code kill -9} in a moment of which the condition is true for certain: the program is frozen while it is looked at.
     *
     * @param moment read from outside, e.g. from the database
     */
    public void killWhen(Callable<Boolean> moment) throws Exception {
        freezeWhen(moment);
        kill();
    }

    /** Stops its time in a moment of which the condition is true for certain. */
    public void freezeWhen(Callable<Boolean> moment) throws Exception {
        await("the moment to freeze the program")
                .atMost(Duration.ofMinutes(3))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(25))
                .until(() -> frozenIn(moment));
    }

    /** {@code kill -9}, whatever it is doing; returns when it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            throw new AssertionError("The program outlives kill -9; it printed to " + output);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Stops its time, as a paused virtual machine's: all its clocks jump when it goes on. */
    public void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    public void thaw() throws IOException, InterruptedException {
        signal("CONT");
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
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
        assertThat(kill.waitFor(1, TimeUnit.MINUTES)).as("kill -%s ended", name).isTrue();
        assertThat(kill.exitValue()).as("exit code of kill -%s", name).isZero();
    }

    /** SIGTERM, which a frozen program never hears; gives the exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return awaitExit();
    }

    public int awaitExit() throws InterruptedException {
        if (!process.waitFor(8, TimeUnit.MINUTES)) {
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
