package dev.saccade.runtime.media;

import dev.saccade.runtime.DeviceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A confined child process: bounded in address space and processor time, without files to write, environment or
 * standard input; killed when its time is over, when it stops moving, when the calling thread is interrupted and when
 * this object is closed.
 */
final class DecoderProcess implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(DecoderProcess.class.getName());

    /** Longest time without any progress. */
    static final Duration STALL = Duration.ofSeconds(30);

    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

    private static final Duration WATCH = Duration.ofMillis(50);

    /**
     * What a program may take.
     *
     * @param timeout longest that it may run in all
     * @param stall longest time without progress
     * @param memoryBytes most address space
     */
    record Limits(Duration timeout, Duration stall, long memoryBytes) {}

    /** Why it was killed. */
    private enum Killed {
        TIMEOUT,
        STALLED,
        INTERRUPTED,
        REFUSED
    }

    private final Process process;
    private final Thread owner;
    private final Limits limits;
    private final long started;
    private final Thread errorReader;
    private volatile long lastMove;
    private volatile @Nullable Killed killed;

    /**
     * Starts a program.
     *
     * @param program the program's file
     * @param errorLines gets each line that it writes to its standard error
     */
    static DecoderProcess start(
            Path program,
            List<String> arguments,
            DecoderPrograms programs,
            Limits limits,
            Consumer<String> errorLines) {
        List<String> command = new ArrayList<>(confined(program, limits.timeout(), limits.memoryBytes()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(programs.folder().toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(programs.environment());
        try {
            return new DecoderProcess(builder.start(), limits, errorLines);
        } catch (IOException e) {
            throw new DeviceException("decoder-failed", "The video decoder can't be started on this machine.", e);
        }
    }

    /**
     * Limits are set by a program that then becomes the decoder: prlimit, which images without a shell have too, else the
     * shell. macOS has neither prlimit nor a limit on address space.
     */
    private static List<String> confined(Path program, Duration timeout, long memoryBytes) {
        long processorSeconds = timeout.toSeconds() * 4 + 1;
        if (Files.isExecutable(PRLIMIT)) {
            return List.of(
                    PRLIMIT.toString(),
                    "--core=0",
                    "--fsize=0",
                    "--cpu=" + processorSeconds,
                    "--as=" + memoryBytes,
                    "--",
                    program.toString());
        }
        String memory =
                System.getProperty("os.name").startsWith("Linux") ? "ulimit -v " + memoryBytes / 1024 + "; " : "";
        String script =
                "ulimit -c 0; ulimit -f 0; ulimit -t " + processorSeconds + "; " + memory + "exec \"$0\" \"$@\"";
        return List.of("/bin/sh", "-c", script, program.toString());
    }

    private DecoderProcess(Process process, Limits limits, Consumer<String> errorLines) {
        this.process = process;
        this.limits = limits;
        owner = Thread.currentThread();
        started = System.nanoTime();
        lastMove = started;
        errorReader = Thread.ofPlatform().daemon().name("decoder-errors").start(() -> readErrors(errorLines));
        Thread.ofPlatform().daemon().name("decoder-watch").start(this::watch);
    }

    /** What it writes to its standard output. */
    InputStream output() {
        return process.getInputStream();
    }

    /** Says that it got on: output arrived. */
    void moved() {
        lastMove = System.nanoTime();
    }

    /** Kills it because what it has written is enough, or too much. */
    void stop() {
        kill(Killed.REFUSED);
    }

    /**
     * Waits for its end and throws where it did not end by itself.
     *
     * @return its exit status
     */
    int finish() {
        try {
            int status = process.waitFor();
            errorReader.join();
            throwIfKilled();
            return status;
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw MediaRules.cancelled(e);
        }
    }

    private void throwIfKilled() {
        Killed reason = killed;
        if (reason == Killed.TIMEOUT) {
            throw MediaRules.timeout(limits.timeout());
        }
        if (reason == Killed.STALLED) {
            throw MediaRules.stalled(limits.stall());
        }
        if (reason == Killed.INTERRUPTED) {
            throw MediaRules.cancelled(null);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void kill(Killed reason) {
        killed = reason;
        process.destroyForcibly();
    }

    private void watch() {
        try {
            while (!process.waitFor(nextLook(), TimeUnit.NANOSECONDS)) {
                if (owner.isInterrupted()) {
                    kill(Killed.INTERRUPTED);
                } else if (timeLeft() <= 0) {
                    kill(Killed.TIMEOUT);
                } else if (patienceLeft() <= 0) {
                    kill(Killed.STALLED);
                }
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private long nextLook() {
        return Math.clamp(Math.min(timeLeft(), patienceLeft()), 1, WATCH.toNanos());
    }

    private long timeLeft() {
        return limits.timeout().toNanos() - (System.nanoTime() - started);
    }

    private long patienceLeft() {
        return limits.stall().toNanos() - (System.nanoTime() - lastMove);
    }

    private void readErrors(Consumer<String> errorLines) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LOG.log(System.Logger.Level.TRACE, line);
                errorLines.accept(line);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.TRACE, "the decoder's messages ended early", e);
        }
    }
}
