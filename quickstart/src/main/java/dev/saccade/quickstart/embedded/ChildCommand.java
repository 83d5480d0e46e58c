package dev.saccade.quickstart.embedded;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a short-lived program and keeps what it wrote. */
final class ChildCommand {

    /** How a program ended; {@code output} is its standard output and error together. */
    record Outcome(int exitCode, String output) {
        boolean succeeded() {
            return exitCode == 0;
        }
    }

    private ChildCommand() {}

    static Outcome run(List<String> command, Duration timeout) throws IOException {
        // A file, not a pipe: a server that the command leaves behind would keep a pipe open for ever.
        Path output = Files.createTempFile("saccade", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile());
            // Messages are matched against English texts.
            builder.environment().putAll(Map.of("LC_ALL", "C", "LC_MESSAGES", "C"));
            Process process = builder.start();
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return new Outcome(-1, "no end after " + timeout.toSeconds() + " s");
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + command.getFirst() + " was running");
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
