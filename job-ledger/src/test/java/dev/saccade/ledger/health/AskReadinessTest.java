package dev.saccade.ledger.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class AskReadinessTest {

    @Test
    void saysByItsExitCodeWhetherAllAnswer() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/down", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        server.start();
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        try {
            assertThat(AskReadiness.run(address + "/ready", address + "/ready")).isZero();
            assertThat(AskReadiness.run(address + "/ready", address + "/down")).isEqualTo(1);
        } finally {
            server.stop(0);
        }
        assertThat(AskReadiness.run(address + "/ready")).isEqualTo(1);
        assertThat(AskReadiness.run()).isEqualTo(2);
    }
}
