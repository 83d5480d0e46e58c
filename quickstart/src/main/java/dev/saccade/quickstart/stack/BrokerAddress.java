package dev.saccade.quickstart.stack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;

/**
 * A broker that answers.
 *
 * @param kind {@code embedded} or {@code rabbitmq}: decides how queues are declared
 */
public record BrokerAddress(String kind, String host, int port, String user, String password, String virtualHost) {

    /** A RabbitMQ by its address, {@code amqp://user:password@host:port/vhost} with percent-encoding. */
    public static BrokerAddress rabbitmq(URI address) {
        String[] userInfo = address.getRawUserInfo().split(":", 2);
        String path = address.getRawPath();
        return new BrokerAddress(
                "rabbitmq",
                address.getHost(),
                address.getPort() < 0 ? 5672 : address.getPort(),
                decoded(userInfo[0]),
                decoded(userInfo[1]),
                path == null || path.length() < 2 ? "/" : decoded(path.substring(1)));
    }

    private static String decoded(String text) {
        // In this part of an address a plus sign is itself.
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }

    @Override
    public String toString() {
        return kind + " at " + host + ":" + port;
    }
}
