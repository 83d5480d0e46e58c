package dev.saccade.api.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that answers every request with the same status. */
final class GuardedStoreTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final AtomicInteger requests = new AtomicInteger();
    private volatile int status = 500;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void storeThatFailsAgainAndAgainIsLeftAlone() {
        try (GuardedStore store = store(LONG)) {
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> store.stat("key")).isInstanceOf(StoreUnavailableException.class);
            }
            int asked = requests.get();

            assertThatThrownBy(() -> store.read("key", 0, 1))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasCauseInstanceOf(CallNotPermittedException.class);
            assertThatThrownBy(() -> store.put("key", InputStream.nullInputStream()))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasCauseInstanceOf(CallNotPermittedException.class);

            assertThat(requests).hasValue(asked);
            assertThat(store.refusing()).isTrue();
            assertThat(store.refused()).isEqualTo(2);
        }
    }

    @Test
    void storeThatAnswersAgainIsUsedAgain() {
        try (GuardedStore store = store(SHORT)) {
            failOften(store);
            status = 404;

            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
                store.stat("key");
                return !store.refusing();
            });
        }
    }

    @Test
    void healthCheckThatIsAnsweredEndsThePause() {
        try (GuardedStore store = store(LONG)) {
            failOften(store);
            assertThat(store.reachable()).isFalse();
            assertThat(store.refusing()).isTrue();

            status = 200;

            assertThat(store.reachable()).isTrue();
            assertThat(store.refusing()).isFalse();
        }
    }

    @Test
    void missingObjectsAreNoFailure() {
        status = 404;
        try (GuardedStore store = store(LONG)) {
            for (int i = 0; i < 20; i++) {
                assertThat(store.stat("key")).isEmpty();
            }
            assertThat(store.refusing()).isFalse();
        }
    }

    @Test
    void clientsThatBreakOffAreNotTheStoresFault() {
        status = 200;
        try (GuardedStore store = store(LONG)) {
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> store.put("key", new BrokenOff()))
                        .isInstanceOf(StoreUnavailableException.class);
            }
            assertThat(store.refusing()).isFalse();
        }
    }

    private static void failOften(GuardedStore store) {
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> store.stat("key")).isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(store.refusing()).isTrue();
    }

    private GuardedStore store(Duration pause) {
        return new GuardedStore(
                new S3Store(new StoreProperties(
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                        null,
                        "access",
                        "secret-secret",
                        "bucket",
                        "us-east-1",
                        pause)),
                pause);
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private static final class BrokenOff extends InputStream {

        @Override
        public int read() throws IOException {
            throw new IOException("the client has gone");
        }
    }
}
