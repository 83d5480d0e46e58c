package dev.saccade.quickstart.embedded;

import dev.saccade.quickstart.StartupException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server on a folder. It is a process of its own in its own session, so neither Ctrl-C nor the end of this
 * JVM stops it by accident: {@link #close} does, and a server that a killed JVM left behind is stopped by the next start.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    public static final String USER = "saccade";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final int START_ATTEMPTS = 4;

    private final PostgresBinaries binaries;
    private final Path folder;
    private final int port;

    private EmbeddedPostgres(PostgresBinaries binaries, Path folder, int port) {
        this.binaries = binaries;
        this.folder = folder;
        this.port = port;
    }

    /** Starts the server with the settings that every one is given. */
    public static EmbeddedPostgres start(DataFolder data, Path cache, String password, Durability durability)
            throws StartupException {
        return start(data, cache, password, durability, Map.of());
    }

    /**
     * Starts the server; the first start on a folder makes the database.
     *
     * @param cache where the programs are unpacked
     * @param others settings over the ones that are given to every server, by name
     */
    public static EmbeddedPostgres start(
            DataFolder data, Path cache, String password, Durability durability, Map<String, String> others)
            throws StartupException {
        PostgresBinaries binaries = PostgresBinaries.unpacked(cache);
        Path folder = data.postgres();
        Path log = data.logs().resolve("postgres.log");
        try {
            Files.createDirectories(data.logs());
            if (Files.exists(folder)) {
                stopLeftOver(binaries, folder);
            } else {
                initialise(binaries, folder, password, durability);
            }
            return start(binaries, folder, log, settings(durability, others));
        } catch (IOException e) {
            throw DataFolder.cannotWrite(data.root(), e);
        }
    }

    public int port() {
        return port;
    }

    public String jdbcUrl() {
        // Without the server's details: a constraint error would quote the row, and with it a user's question, in the
        // log.
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?logServerErrorDetail=false";
    }

    private static void initialise(PostgresBinaries binaries, Path folder, String password, Durability durability)
            throws IOException, StartupException {
        // Made beside and renamed, so that a kill in between leaves no half database.
        Path half = folder.resolveSibling(folder.getFileName() + ".new");
        DataFolder.deleteTree(half);
        Path passwordFile = Files.createTempFile("saccade", ".pw");
        try {
            Files.writeString(passwordFile, password + "\n");
            List<String> command = asServerUser(binaries.program("initdb").toString(), "-D", half.toString());
            command.addAll(List.of("-U", USER, "--pwfile=" + passwordFile, "--auth=scram-sha-256"));
            command.addAll(List.of("--encoding=UTF8", "--locale=C.UTF-8"));
            // Iterations make guessing dear; nobody guesses 32 random bytes, and every log-in would pay.
            command.addAll(List.of("-c", "scram_iterations=1"));
            if (durability == Durability.THROWAWAY) {
                command.add("--no-sync");
            }
            ChildCommand.Outcome outcome = ChildCommand.run(command, START_TIMEOUT);
            if (!outcome.succeeded()) {
                throw failure("PostgreSQL could not make its database in " + folder, outcome, folder);
            }
            Files.move(half, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.delete(passwordFile);
        }
    }

    private static EmbeddedPostgres start(PostgresBinaries binaries, Path folder, Path log, String settings)
            throws IOException, StartupException {
        ChildCommand.Outcome outcome = new ChildCommand.Outcome(-1, "");
        for (int attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
            int port = freePort();
            Files.deleteIfExists(log);
            List<String> command = asServerUser(binaries.program("pg_ctl").toString(), "-D", folder.toString());
            command.addAll(List.of("-l", log.toString(), "-w", "-t", Long.toString(START_TIMEOUT.toSeconds())));
            command.addAll(List.of("-o", "-c port=" + port + " " + settings, "start"));
            outcome = ChildCommand.run(command, START_TIMEOUT.plusSeconds(10));
            if (outcome.succeeded()) {
                return new EmbeddedPostgres(binaries, folder, port);
            }
            String reason = Files.exists(log) ? Files.readString(log) : outcome.output();
            outcome = new ChildCommand.Outcome(outcome.exitCode(), outcome.output() + reason);
            // Both pass by themselves: another program took the port, or children of a killed server still end.
            if (!reason.contains("Address already in use") && !reason.contains("shared memory block")) {
                break;
            }
            pause(Duration.ofMillis(500));
        }
        throw failure("PostgreSQL did not start on " + folder + " (its log is " + log + ")", outcome, folder);
    }

    private static String settings(Durability durability, Map<String, String> others) {
        String sync = durability == Durability.KEEP ? "on" : "off";
        Map<String, String> all = new TreeMap<>(Map.of(
                "listen_addresses", "127.0.0.1",
                "unix_socket_directories", "",
                "fsync", sync,
                "synchronous_commit", sync,
                "shared_buffers", "32MB",
                "max_connections", "30",
                "max_wal_size", "128MB",
                "max_parallel_workers_per_gather", "0",
                "timezone", "UTC",
                "log_min_messages", "warning"));
        all.putAll(others);
        return all.entrySet().stream()
                .map(setting -> "-c " + setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining(" "));
    }

    /** Stops the server that a killed run left behind on this folder, where there is one. */
    public static void stopLeftOver(DataFolder data, Path cache) throws IOException, StartupException {
        if (Files.exists(data.postgres())) {
            stopLeftOver(PostgresBinaries.unpacked(cache), data.postgres());
        }
    }

    private static void stopLeftOver(PostgresBinaries binaries, Path folder) throws IOException, StartupException {
        Optional<ProcessHandle> server = runningServer(folder);
        if (server.isPresent()) {
            LOG.info("Stopping the PostgreSQL server that an earlier run left behind");
            stop(binaries, folder);
        } else {
            // The process id may by now be that of another program, which the server would take for a rival.
            Files.deleteIfExists(folder.resolve("postmaster.pid"));
        }
    }

    /** The server that runs on exactly this folder, by what its command line says: a bare process id proves nothing. */
    static Optional<ProcessHandle> runningServer(Path folder) throws IOException {
        Path pidFile = folder.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,10}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(process -> process.info()
                        .arguments()
                        .map(List::of)
                        .orElse(List.of())
                        .contains(folder.toString()))
                .filter(process -> process.info().command().orElse("").endsWith("postgres"));
    }

    private static void stop(PostgresBinaries binaries, Path folder) throws IOException, StartupException {
        // fast: clients are cut off, transactions rolled back. immediate is what a crash does; the log repairs it.
        for (String mode : List.of("fast", "immediate")) {
            List<String> command = asServerUser(binaries.program("pg_ctl").toString(), "-D", folder.toString());
            command.addAll(List.of("-m", mode, "-w", "-t", Long.toString(STOP_TIMEOUT.toSeconds()), "stop"));
            ChildCommand.Outcome outcome = ChildCommand.run(command, STOP_TIMEOUT.plusSeconds(10));
            if (outcome.succeeded() || runningServer(folder).isEmpty()) {
                return;
            }
            LOG.warn(
                    "PostgreSQL did not stop in mode {}: {}",
                    mode,
                    outcome.output().strip());
        }
        throw new StartupException("The PostgreSQL server on " + folder
                + " does not stop; end it by hand (its process id is the first line of postmaster.pid there).");
    }

    @Override
    public void close() throws IOException, StartupException {
        stop(binaries, folder);
    }

    /** PostgreSQL refuses to run as root; in a user namespace it doesn't see that it is. */
    private static List<String> asServerUser(String... command) {
        List<String> all = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            all.addAll(List.of("unshare", "-U"));
        }
        all.addAll(List.of(command));
        return all;
    }

    private static StartupException failure(String what, ChildCommand.Outcome outcome, Path folder) {
        String output = outcome.output();
        LOG.error("{}: exit code {}, {}", what, outcome.exitCode(), output.strip());
        if (output.contains("unshare")) {
            return new StartupException("PostgreSQL doesn't run as root, and this container forbids the user namespace"
                    + " that would help; run Saccade as an ordinary user, or allow user namespaces.");
        }
        if (output.contains("No space left")) {
            return DataFolder.cannotWrite(folder, new IOException("No space left on device"));
        }
        String lastLine = output.lines().filter(line -> !line.isBlank()).reduce("", (first, second) -> second);
        return new StartupException(what + ": " + lastLine.strip());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
