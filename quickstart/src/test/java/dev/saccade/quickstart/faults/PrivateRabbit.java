package dev.saccade.quickstart.faults;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.stack.BrokerAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A real RabbitMQ of this suite's own, which may be killed. */
final class PrivateRabbit implements AutoCloseable {

    /** The first start on a machine downloads the packages. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder;
    private final BrokerAddress address;

    private PrivateRabbit(Path folder, BrokerAddress address) {
        this.folder = folder;
        this.address = address;
    }

    /** Skips the suite, with the reason, where Debian's packages can't be had. */
    static PrivateRabbit start(Path folder) throws IOException, InterruptedException {
        Path printed = Files.createTempFile("rabbitmq", ".txt");
        if (exitCode("start", folder, printed) != 0) {
            abort("The fault suites need a RabbitMQ that they may kill, and .ci/rabbitmq has none for this machine.");
        }
        return new PrivateRabbit(
                folder,
                BrokerAddress.rabbitmq(URI.create(Files.readString(printed).strip())));
    }

    BrokerAddress address() {
        return address;
    }

    /** {@code kill -9}, and a start on what the disk has; the address stays. */
    void killAndRestart() throws IOException, InterruptedException {
        run("kill");
        run("start");
    }

    private void run(String command) throws IOException, InterruptedException {
        int code = exitCode(command, folder, Files.createTempFile("rabbitmq", ".txt"));
        if (code != 0) {
            throw new IOException(".ci/rabbitmq " + command + " " + folder + " ended with " + code);
        }
    }

    /** Into a file, because a broker that outlives its script would keep a pipe open. */
    private static int exitCode(String command, Path folder, Path printed) throws IOException, InterruptedException {
        Process script = new ProcessBuilder(
                        ModelOptions.home().resolve(".ci/rabbitmq").toString(), command, folder.toString())
                .redirectOutput(printed.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!script.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            script.destroyForcibly();
            throw new IOException(".ci/rabbitmq " + command + " " + folder + " has not ended in " + PATIENCE);
        }
        return script.exitValue();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("stop");
    }
}
