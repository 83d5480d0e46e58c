package dev.saccade.quickstart.bench.platform;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.quickstart.stack.BrokerAddress;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The broker of a run: the RabbitMQ that {@code SACCADE_TEST_RABBITMQ} names, else one that {@code .ci/rabbitmq} starts, else
 * the embedded one.
 *
 * @param address null for the embedded one
 * @param script started it in {@code folder} and has to stop it; null where nobody has to
 */
record BenchBroker(
        @Nullable BrokerAddress address, @Nullable Path script, Path folder) implements AutoCloseable {

    private static final int NOT_TO_BE_HAD = 3;

    static BenchBroker start(boolean embedded, Path folder) throws IOException {
        String given = System.getenv().getOrDefault("SACCADE_TEST_RABBITMQ", "");
        Path script = ModelOptions.home().resolve(".ci/rabbitmq");
        if (embedded) {
            return new BenchBroker(null, null, folder);
        }
        if (!given.isBlank()) {
            return new BenchBroker(address(given), null, folder);
        }
        if (!Files.isExecutable(script)) {
            return new BenchBroker(null, null, folder);
        }
        Path answer = Files.createTempFile("saccade", ".out");
        try {
            int exit = run(script, "start", folder, answer);
            if (exit == 0) {
                return new BenchBroker(address(Files.readString(answer).strip()), script, folder);
            }
            if (exit != NOT_TO_BE_HAD) {
                throw new UserError(script + " failed with exit code " + exit + "; give --embedded-broker, or set"
                        + " SACCADE_TEST_RABBITMQ=amqp://user:password@host:port/vhost");
            }
            return new BenchBroker(null, null, folder);
        } finally {
            Files.delete(answer);
        }
    }

    private static BrokerAddress address(String text) {
        try {
            return BrokerAddress.rabbitmq(URI.create(text));
        } catch (RuntimeException e) {
            throw new UserError("The broker's address is not of the form amqp://user:password@host:port/vhost", e);
        }
    }

    /** Into a file, because the broker that the script leaves behind would keep a pipe open. */
    private static int run(Path script, String command, Path folder, Path output) throws IOException {
        try {
            return new ProcessBuilder(List.of(script.toString(), command, folder.toString()))
                    .redirectOutput(output.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + script + " was running");
        }
    }

    @Override
    public void close() throws IOException {
        if (script != null) {
            Path output = Files.createTempFile("saccade", ".out");
            run(script, "stop", folder, output);
            Files.delete(output);
        }
    }
}
