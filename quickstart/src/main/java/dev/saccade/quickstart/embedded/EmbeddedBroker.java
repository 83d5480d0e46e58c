package dev.saccade.quickstart.embedded;

import dev.saccade.quickstart.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.SystemConfig;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An AMQP 0-9-1 broker (Qpid Broker-J) whose queues and messages are in a Derby database in the data folder. No
 * management interface is opened. It takes none of RabbitMQ's queue arguments: declare queues without any.
 */
public final class EmbeddedBroker implements AutoCloseable {

    public static final String USER = "saccade";
    public static final String VIRTUAL_HOST = "saccade";

    private final SystemLauncher launcher;
    private final int port;

    private EmbeddedBroker(SystemLauncher launcher, int port) {
        this.launcher = launcher;
        this.port = port;
    }

    public static EmbeddedBroker start(DataFolder data, String password) throws StartupException {
        Path folder = data.broker();
        AtomicReference<@Nullable SystemConfig<?>> system = new AtomicReference<>();
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        SystemLauncher launcher = new SystemLauncher(new DefaultSystemLauncherListener() {
            @Override
            public void onContainerResolve(SystemConfig<?> config) {
                system.set(config);
            }

            @Override
            public void errorOnStartup(RuntimeException e) {
                failure.set(e);
            }
        });
        try {
            Files.createDirectories(folder);
            // What must last is in the Derby database; ports and users are written anew by each start.
            Path ownStore = folder.resolve("broker.json");
            Files.deleteIfExists(ownStore);
            Path configuration = Files.createTempFile(folder, "configuration", ".json");
            try {
                Files.writeString(configuration, configuration(folder, password));
                launcher.startup(Map.of(
                        "type",
                        "JSON",
                        "storePath",
                        ownStore.toString(),
                        "initialConfigurationLocation",
                        configuration.toString(),
                        "preferenceStoreAttributes",
                        "{\"type\": \"Noop\"}",
                        "startupLoggedToSystemOut",
                        "false",
                        "context",
                        Map.of("qpid.work_dir", folder.toString())));
            } finally {
                Files.deleteIfExists(configuration);
            }
        } catch (IOException e) {
            throw DataFolder.cannotWrite(data.root(), e);
        } catch (Exception e) {
            throw failed(e, data);
        }
        // The launcher reports a failure to its listener only.
        RuntimeException reason = failure.get();
        if (reason != null) {
            throw failed(reason, data);
        }
        return new EmbeddedBroker(launcher, boundPort(system.get()));
    }

    private static StartupException failed(Exception failure, DataFolder data) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException reason) {
                return DataFolder.cannotWrite(data.root(), reason);
            }
        }
        return new StartupException("The message broker did not start: " + failure.getMessage(), failure);
    }

    public int port() {
        return port;
    }

    private static int boundPort(@Nullable SystemConfig<?> system) throws StartupException {
        if (system != null) {
            for (Port<?> candidate : system.getContainer().getChildren(Port.class)) {
                if (candidate.getBoundPort() > 0) {
                    return candidate.getBoundPort();
                }
            }
        }
        throw new StartupException("The message broker opened no port; its messages are in the log file.");
    }

    private static String configuration(Path folder, String password) {
        Map<String, ?> user = Map.of("name", USER, "type", "managed", "password", password);
        Map<String, ?> authentication = Map.of(
                "name",
                "plain",
                "type",
                "Plain",
                // The port has no TLS; it is reachable from this machine only.
                "secureOnlyMechanisms",
                List.of(),
                "users",
                List.of(user));
        Map<String, ?> port = Map.of(
                "name", "amqp",
                "type", "AMQP",
                "port", "0",
                "bindingAddress", "127.0.0.1",
                "authenticationProvider", "plain",
                "protocols", List.of("AMQP_0_9_1"),
                "virtualhostaliases",
                        List.of(
                                Map.of("name", "byName", "type", "nameAlias"),
                                Map.of("name", "default", "type", "defaultAlias")));
        Map<String, ?> node = Map.of(
                "name", VIRTUAL_HOST,
                "type", "DERBY",
                "defaultVirtualHostNode", "true",
                "storePath", folder.resolve("store").toString(),
                "virtualHostInitialConfiguration", "{\"type\": \"ProvidedStore\"}");
        return JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "name", "saccade",
                        "modelVersion", "8.0",
                        "authenticationproviders", List.of(authentication),
                        "ports", List.of(port),
                        "virtualhostnodes", List.of(node)));
    }

    @Override
    public void close() {
        launcher.shutdown();
    }
}
