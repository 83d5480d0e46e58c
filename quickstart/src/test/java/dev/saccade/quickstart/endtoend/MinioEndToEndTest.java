package dev.saccade.quickstart.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.stack.BrokerAddress;
import dev.saccade.quickstart.stack.QuickstartOptions;
import dev.saccade.quickstart.stack.RunningStack;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** The same path with a real MinIO, and with the RabbitMQ that the test script started where there is one. */
class MinioEndToEndTest extends EndToEndContract {

    private static final String BUCKET = "saccade-end-to-end";
    private static final int PORT = 9000;

    private @Nullable GenericContainer<?> container;
    private String endpoint = "";
    private String user = "saccade";
    private String password = "saccade-minio";

    @Override
    RunningStack start() throws Exception {
        String given = System.getenv().getOrDefault("SACCADE_TEST_MINIO", "");
        if (given.isBlank()) {
            abort("needs a MinIO; asked for with ./saccade test --minio");
        }
        if (given.equals("container")) {
            startContainer();
        } else {
            URI address = URI.create(given);
            String[] login = address.getUserInfo().split(":", 2);
            endpoint = address.getScheme() + "://" + address.getHost() + ":" + address.getPort();
            user = login[0];
            password = login[1];
        }
        var options = QuickstartOptions.throwaway(Fixtures.emptyFolder("minio"), new ModelOptions())
                .withSettings(Map.of(
                        "saccade.store.endpoint", endpoint,
                        "saccade.store.access-key", user,
                        "saccade.store.secret-key", password,
                        "saccade.store.bucket", BUCKET));
        String rabbitmq = System.getenv().getOrDefault("SACCADE_TEST_RABBITMQ", "");
        return RunningStack.start(
                rabbitmq.isBlank() ? options : options.withRabbitmq(BrokerAddress.rabbitmq(URI.create(rabbitmq))));
    }

    private void startContainer() {
        container = new GenericContainer<>("minio/minio")
                .withEnv("MINIO_ROOT_USER", user)
                .withEnv("MINIO_ROOT_PASSWORD", password)
                .withExposedPorts(PORT)
                .withCommand("server", "/data")
                .waitingFor(Wait.forHttp("/minio/health/ready").forPort(PORT));
        container.start();
        endpoint = "http://" + container.getHost() + ":" + container.getMappedPort(PORT);
    }

    @Test
    void clipLiesInMinio() throws Exception {
        try (MinioClient minio = MinioClient.builder()
                .endpoint(endpoint)
                .credentials(user, password)
                .build()) {
            assertThat(minio.listObjects(ListObjectsArgs.builder()
                            .bucket(BUCKET)
                            .recursive(true)
                            .build()))
                    .isNotEmpty();
        }
    }

    @AfterAll
    void stopContainer() {
        if (container != null) {
            container.stop();
        }
    }
}
