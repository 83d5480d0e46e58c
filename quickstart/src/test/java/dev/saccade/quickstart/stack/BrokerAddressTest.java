package dev.saccade.quickstart.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class BrokerAddressTest {

    @Test
    void addressOfRabbitMqIsTakenApart() {
        BrokerAddress address = BrokerAddress.rabbitmq(URI.create("amqp://me:p%40ss+word@broker.example:5671/%2fjobs"));

        assertThat(address)
                .isEqualTo(new BrokerAddress("rabbitmq", "broker.example", 5671, "me", "p@ss+word", "/jobs"));
    }

    @Test
    void portAndVirtualHostHaveRabbitMqsDefaults() {
        BrokerAddress address = BrokerAddress.rabbitmq(URI.create("amqp://me:secret@broker.example"));

        assertThat(address.port()).isEqualTo(5672);
        assertThat(address.virtualHost()).isEqualTo("/");
    }

    @Test
    void passwordIsNotPartOfTheText() {
        assertThat(BrokerAddress.rabbitmq(URI.create("amqp://me:secret@broker.example")))
                .asString()
                .doesNotContain("secret");
    }
}
