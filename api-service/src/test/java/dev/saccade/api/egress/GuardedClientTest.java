package dev.saccade.api.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Receivers that answer as no honest one would. */
final class GuardedClientTest {

    private final EgressPolicy policy = new EgressPolicy(Set.of(443), Set.of("localhost"));
    private final GuardedClient client = new GuardedClient(policy, Duration.ofMillis(1_500));
    private final AtomicInteger requests = new AtomicInteger();
    private final ServerSocket server = listen();

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void redirectIsAnAnswerAndNotFollowed() throws IOException {
        answer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + server.getLocalPort()
                + "/\r\nContent-Length: 0\r\n\r\n");

        assertThat(post()).isEqualTo(302);
        assertThat(requests).hasValue(1);
    }

    @Test
    void redirectToItselfIsNoLoop() throws IOException {
        answer("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + url() + "\r\nContent-Length: 0\r\n\r\n");

        assertThat(post()).isEqualTo(307);
        assertThat(requests).hasValue(1);
    }

    @Test
    void answerThatLiesAboutItsLengthIsReadForItsStatusOnly() throws IOException {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\nx");

        assertThat(post()).isEqualTo(200);
    }

    @Test
    void gzipBombIsNotUnpacked() throws IOException {
        answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n");

        assertThat(post()).isEqualTo(200);
    }

    @Test
    void receiverThatHangsIsLeftWhenTheTimeIsOver() {
        answer("");

        assertThatThrownBy(this::post).isInstanceOf(InterruptedIOException.class);
    }

    @Test
    void headerThatDripsIsLeftWhenTheTimeIsOver() {
        serve(socket -> {
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                socket.getOutputStream().write('x');
                socket.getOutputStream().flush();
                socket.setSoTimeout(20);
                try {
                    socket.getInputStream().read();
                } catch (java.net.SocketTimeoutException pause) {
                    continue;
                }
            }
        });

        assertThatThrownBy(this::post).isInstanceOf(IOException.class);
    }

    @Test
    void whatIsNoHttpIsNoAnswer() {
        answer("SSH-2.0-OpenSSH_9.2\r\n");

        assertThatThrownBy(this::post).isInstanceOf(IOException.class);
    }

    @Test
    void forbiddenUrlIsNotCalled() {
        assertThatThrownBy(() -> client.post("http://127.0.0.1:" + server.getLocalPort(), Map.of(), new byte[0]))
                .isInstanceOf(ForbiddenUrlException.class);
        assertThat(requests).hasValue(0);
    }

    private int post() throws IOException {
        return client.post(url(), Map.of("webhook-id", "msg_1"), "{}".getBytes(StandardCharsets.UTF_8));
    }

    private String url() {
        return "http://localhost:" + server.getLocalPort() + "/";
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getByName("localhost"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void answer(String text) {
        serve(socket -> {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            socket.getInputStream().read(); // until the client leaves
        });
    }

    private interface Conversation {
        void with(Socket socket) throws IOException;
    }

    private void serve(Conversation conversation) {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().readNBytes(1);
                    requests.incrementAndGet();
                    while (socket.getInputStream().available() > 0) {
                        socket.getInputStream().skip(socket.getInputStream().available());
                    }
                    conversation.with(socket);
                } catch (IOException gone) {
                    continue;
                }
            }
        });
    }
}
