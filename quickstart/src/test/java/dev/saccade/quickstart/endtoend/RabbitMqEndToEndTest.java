package dev.saccade.quickstart.endtoend;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.stack.BrokerAddress;
import dev.saccade.quickstart.stack.QuickstartOptions;
import dev.saccade.quickstart.stack.RunningStack;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.rabbitmq.RabbitMQContainer;

/** The same path with a real RabbitMQ: the one that the test script started, else one in a container. */
class RabbitMqEndToEndTest extends EndToEndContract {

    private @Nullable RabbitMQContainer container;

    @Override
    RunningStack start() throws Exception {
        return RunningStack.start(QuickstartOptions.throwaway(Fixtures.emptyFolder("rabbitmq"), new ModelOptions())
                .withRabbitmq(broker()));
    }

    private BrokerAddress broker() {
        String given = System.getenv().getOrDefault("SACCADE_TEST_RABBITMQ", "");
        if (!given.isBlank()) {
            return BrokerAddress.rabbitmq(URI.create(given));
        }
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            abort(
                    "RabbitMqEndToEndTest needs a RabbitMQ: set SACCADE_TEST_RABBITMQ=amqp://user:password@host:port/vhost"
                            + " or have a Docker engine running");
        }
        container = new RabbitMQContainer("rabbitmq:4-alpine");
        container.start();
        return new BrokerAddress(
                "rabbitmq",
                container.getHost(),
                container.getAmqpPort(),
                container.getAdminUsername(),
                container.getAdminPassword(),
                "/");
    }

    @AfterAll
    void stopContainer() {
        if (container != null) {
            container.stop();
        }
    }
}
