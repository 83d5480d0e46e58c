package dev.saccade.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.api.videos.UploadLimits;
import dev.saccade.api.videos.VideoUploads;
import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that clients name, which may be anybody's. The tests' own is reached by the one name that is trusted. */
final class ImportTest {

    private final RunningApi api = RunningApi.get();
    private final UUID tenant = api.newTenantId();
    private final Client client = api.newClient(tenant, Role.ADMIN.scopes());
    private final byte[] clip = read();
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final HttpServer server = start();

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
    }

    @Test
    void clipIsFetchedAndTakenLikeAnyOther() {
        serve("/a/clip.mp4", exchange -> answer(exchange, 200, clip));

        Answer video = fetch(url("/a/clip.mp4?token=secret"));

        assertThat(video.status()).as(video.json().toString()).isEqualTo(201);
        assertThat(video.text("/state")).isEqualTo("ready");
        assertThat(video.text("/filename")).isEqualTo("clip.mp4");
        assertThat(video.header("Location")).isEqualTo(video.text("/links/self"));
        assertThat(client.get(video.text("/links/content")).body()).isEqualTo(clip);
    }

    @Test
    void fetchWithAKeyHappensOnce() {
        serve("/clip.mp4", exchange -> answer(exchange, 200, clip));
        String body = "{\"url\":" + Client.quoted(url("/clip.mp4")) + "}";

        Answer first = client.post("/v1/videos/import", body, "Idempotency-Key", "fetched");
        Answer second = client.post("/v1/videos/import", body, "Idempotency-Key", "fetched");

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(requests).hasValue(1);
    }

    @Test
    void redirectIsFollowedWhereItMayBeCalled() {
        serve("/old", exchange -> redirect(exchange, "clip.mp4"));
        serve("/clip.mp4", exchange -> answer(exchange, 200, clip));

        assertThat(fetch(url("/old")).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1/clip.mp4",
                "https://127.0.0.1/clip.mp4",
                "https://169.254.169.254/latest/meta-data",
                "https://[::1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://[64:ff9b::a00:1]/",
                "https://0.0.0.0/",
                "https://2130706433/",
                "https://0x7f.1/",
                "https://kubernetes.default.svc.cluster.local/",
                "http://ok\\\\@10.0.0.1/",
                "https://user:secret@media.example.com/",
                "file:///etc/passwd",
                "gopher://media.example.com/",
                "https://media.example.com:22/",
                "https://media.example.com/\\r\\nHost: evil",
                ""
            })
    void addressThatMayNotBeCalledIsRefusedBeforeAnythingHappens(String url) {
        Answer refused = client.post("/v1/videos/import", "{\"url\": \"" + url + "\"}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text("/code")).isEqualTo("invalid-url");
        assertThat(refused.text("/errors/0/pointer")).isEqualTo("/url");
        assertThat(client.get("/v1/videos").json().at("/data")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:PORT/secret",
                "https://169.254.169.254/latest/meta-data",
                "https://[::1]:PORT/secret",
                "//127.0.0.1:PORT/secret",
                "file:///etc/passwd",
                "http://user@localhost:PORT/secret",
                "https://kubernetes.default.svc/"
            })
    void redirectToWhereNothingMayBeCalledIsNotFollowed(String to) {
        serve("/open", exchange -> redirect(exchange, to.replace("PORT", Integer.toString(port()))));
        serve("/secret", exchange -> answer(exchange, 200, clip));

        assertRefused(fetch(url("/open")), "invalid-url");
        assertThat(requests).hasValue(1);
    }

    @Test
    void redirectsThatDoNotEndAreLeft() {
        serve("/loop", exchange -> redirect(exchange, "/loop"));

        assertRefused(fetch(url("/loop")), "url-unreachable");
        assertThat(requests).hasValue(6);
    }

    @Test
    void answerThatIsNoFileIsRefused() {
        serve("/gone", exchange -> answer(exchange, 404, clip));
        serve(
                "/page.mp4",
                exchange -> answer(exchange, 200, "<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        serve("/empty.mp4", exchange -> answer(exchange, 200, new byte[0]));

        assertRefused(fetch(url("/gone")), "url-not-answered");
        assertRefused(fetch(url("/page.mp4")), "media-not-recognised");
        assertRefused(fetch(url("/empty.mp4")), "empty-file");
    }

    @Test
    void packedAnswerIsNotUnpacked() {
        serve("/bomb", exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            answer(exchange, 200, clip);
        });

        assertRefused(fetch(url("/bomb")), "url-encoded");
    }

    @Test
    void lengthBeyondTheLimitIsNotRead() {
        serve("/large", exchange -> {
            exchange.sendResponseHeaders(200, RunningApi.MAX_UPLOAD_BYTES + 1);
            exchange.getResponseBody().write(0);
            exchange.getResponseBody().flush();
            await(end);
        });

        assertThat(fetch(url("/large")).status()).isEqualTo(413);
    }

    @Test
    void lengthThatIsALieIsAnInterruption() {
        serve("/short", exchange -> {
            exchange.sendResponseHeaders(200, clip.length + 1_000L);
            exchange.getResponseBody().write(clip);
            exchange.getHttpContext().getServer().removeContext(exchange.getHttpContext());
            throw new IOException("cut off");
        });

        assertRefused(fetch(url("/short")), "url-unreachable");
    }

    @Test
    void dripIsLeftWhenTheTimeIsOver() {
        serve("/drip", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (byte next : clip) {
                exchange.getResponseBody().write(next);
                exchange.getResponseBody().flush();
                if (end.await(50, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        });

        assertRefused(fetch(url("/drip")), "url-unreachable");
    }

    @Test
    void serverThatHangsIsLeftWhenTheTimeIsOver() {
        serve("/hang", exchange -> await(end));

        assertRefused(fetch(url("/hang")), "url-unreachable");
    }

    @Test
    void installationThatFetchesNothingSaysSo() {
        var off = new UrlImports(
                api.bean(VideoUploads.class),
                api.bean(UploadLimits.class),
                new ImportProperties(false, Set.of(443), Set.of("localhost"), Duration.ofSeconds(3)));
        var caller = api.bean(ApiKeys.class).authenticate(client.key()).orElseThrow();

        var refusal = catchThrowableOfType(ProblemException.class, () -> off.fetch(caller, url("/clip.mp4"), null));

        assertThat(refusal.problem().status()).isEqualTo(403);
        assertThat(refusal.problem().code()).isEqualTo("url-import-off");
        assertThat(requests).hasValue(0);
    }

    private void assertRefused(Answer answer, String code) {
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(422);
        assertThat(answer.text("/code")).isEqualTo(code);
        assertThat(client.get("/v1/videos").text("/data/0/state")).isEqualTo("rejected");
        assertThat(client.get("/v1/videos").text("/data/0/error/code")).isEqualTo(code);
        assertThat(api.store().filesNaming(tenant.toString())).isEmpty();
    }

    private Answer fetch(String url) {
        return client.post("/v1/videos/import", "{\"url\": " + Client.quoted(url) + "}");
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private String url(String path) {
        return "http://localhost:" + port() + path;
    }

    private interface Conversation {
        void with(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private void serve(String path, Conversation conversation) {
        server.createContext(path, exchange -> {
            requests.incrementAndGet();
            try (exchange) {
                conversation.with(exchange);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static void redirect(HttpExchange exchange, String to) throws IOException {
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(302, -1);
    }

    private static void await(CountDownLatch end) throws InterruptedException {
        end.await();
    }

    private static HttpServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return server;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] read() {
        try {
            return Files.readAllBytes(Clips.VIDEO);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
