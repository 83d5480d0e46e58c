package dev.saccade.api.running;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.qpid.server.SystemLauncher;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Apache Qpid Broker-J on a folder, on one port through all its stops and starts. */
public final class TestBroker {

    static final String USER = "saccade";
    static final String PASSWORD = "saccade";

    private final Path folder;
    private final int port;
    private @Nullable SystemLauncher launcher;

    TestBroker(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    public void start() {
        try {
            Files.createDirectories(folder);
            // Else Derby writes its log into the folder that the tests run in.
            System.setProperty(
                    "derby.stream.error.file", folder.resolve("derby.log").toString());
            Path configuration = folder.resolve("initial.json");
            Files.writeString(configuration, configuration());
            SystemLauncher starting = new SystemLauncher();
            starting.startup(Map.of(
                    "type",
                    "JSON",
                    "storePath",
                    folder.resolve("broker-" + System.nanoTime() + ".json").toString(),
                    "preferenceStoreAttributes",
                    "{\"type\": \"Noop\"}",
                    "initialConfigurationLocation",
                    configuration.toString(),
                    "startupLoggedToSystemOut",
                    "false",
                    "context",
                    Map.of("qpid.work_dir", folder.toString())));
            launcher = starting;
        } catch (Exception failure) {
            throw new IllegalStateException("The test's broker did not start", failure);
        }
    }

    public void stop() {
        if (launcher != null) {
            launcher.shutdown();
            launcher = null;
        }
    }

    private String configuration() {
        Map<String, ?> authentication = Map.of(
                "name",
                "plain",
                "type",
                "Plain",
                "secureOnlyMechanisms",
                List.of(),
                "users",
                List.of(Map.of("name", USER, "type", "managed", "password", PASSWORD)));
        Map<String, ?> amqp = Map.of(
                "name", "amqp",
                "type", "AMQP",
                "port", Integer.toString(port),
                "bindingAddress", "127.0.0.1",
                "authenticationProvider", "plain",
                "protocols", List.of("AMQP_0_9_1"),
                "virtualhostaliases", List.of(Map.of("name", "default", "type", "defaultAlias")));
        Map<String, ?> node = Map.of(
                "name", "tests",
                "type", "DERBY",
                "defaultVirtualHostNode", "true",
                "storePath", folder.resolve("store").toString(),
                "virtualHostInitialConfiguration", "{\"type\": \"ProvidedStore\"}");
        return JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "name", "tests",
                        "modelVersion", "8.0",
                        "authenticationproviders", List.of(authentication),
                        "ports", List.of(amqp),
                        "virtualhostnodes", List.of(node)));
    }
}
