package dev.saccade.worker.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.SystemConfig;

/** Qpid Broker-J, as the quickstart runs it. */
final class TestBroker {

    static final String USER = "saccade";
    static final String PASSWORD = "test";

    private static final String CONFIGURATION = """
            {
              "name": "test",
              "modelVersion": "8.0",
              "authenticationproviders": [{
                "name": "plain",
                "type": "Plain",
                "secureOnlyMechanisms": [],
                "users": [{"name": "saccade", "type": "managed", "password": "test"}]
              }],
              "ports": [{
                "name": "amqp",
                "type": "AMQP",
                "port": "0",
                "bindingAddress": "127.0.0.1",
                "authenticationProvider": "plain",
                "protocols": ["AMQP_0_9_1"],
                "virtualhostaliases": [{"name": "default", "type": "defaultAlias"}]
              }],
              "virtualhostnodes": [{
                "name": "default",
                "type": "DERBY",
                "defaultVirtualHostNode": "true",
                "storePath": "${qpid.work_dir}/messages",
                "virtualHostInitialConfiguration": "{\\"type\\": \\"ProvidedStore\\"}"
              }]
            }
            """;

    private TestBroker() {}

    /** Starts the broker and returns its port. */
    static int start(Path folder) {
        var system = new AtomicReference<SystemConfig<?>>();
        var launcher = new SystemLauncher(new DefaultSystemLauncherListener() {
            @Override
            public void onContainerResolve(SystemConfig<?> config) {
                system.set(config);
            }
        });
        // else it lies in whatever folder the tests are run from
        System.setProperty(
                "derby.stream.error.file", folder.resolve("derby.log").toString());
        try {
            var configuration = Files.writeString(folder.resolve("broker.json"), CONFIGURATION);
            launcher.startup(Map.of(
                    "type",
                    "JSON",
                    "storePath",
                    folder.resolve("system.json").toString(),
                    "initialConfigurationLocation",
                    configuration.toString(),
                    "startupLoggedToSystemOut",
                    "false",
                    "preferenceStoreAttributes",
                    "{\"type\": \"Noop\"}",
                    "context",
                    Map.of("qpid.work_dir", folder.toString())));
        } catch (IOException e) {
            throw new IllegalStateException("The broker's configuration could not be written", e);
        } catch (Exception e) {
            throw new IllegalStateException("The broker did not start", e);
        }
        return system.get().getContainer().getChildren(Port.class).stream()
                .mapToInt(Port::getBoundPort)
                .filter(port -> port > 0)
                .findFirst()
                .orElseThrow();
    }
}
