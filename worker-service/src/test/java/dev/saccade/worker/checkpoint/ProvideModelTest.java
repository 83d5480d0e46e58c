package dev.saccade.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.saccade.worker.embedded.EmbeddedParts;
import dev.saccade.worker.embedded.TestStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvideModelTest {

    private static final byte[] CONFIG = "{\"model_type\": \"qwen2_5_vl\"}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] WEIGHTS = "weights".repeat(200_000).getBytes(StandardCharsets.UTF_8);

    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    private Path volume;

    private Path folder;

    @BeforeEach
    void expectBothFiles() throws IOException {
        folder = volume.resolve("model");
        environment.put("SACCADE_MODEL_FOLDER", folder.toString());
        expect(digest(CONFIG) + "  config.json\n" + digest(WEIGHTS) + "  model.safetensors\n");
    }

    @Test
    void checkpointComesFromABucketAndIsAwaited() throws Exception {
        var store = EmbeddedParts.shared().store();
        store.put("models/seven/config.json", CONFIG);
        store.put("models/seven/model.safetensors", WEIGHTS);
        fetchFromBucket("models/seven");

        CompletableFuture<Integer> awaited = CompletableFuture.supplyAsync(() -> run("await"));

        assertThat(run("fetch")).isZero();
        assertThat(awaited.get(1, TimeUnit.MINUTES)).isZero();
        assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(run("verify")).isZero();
    }

    @Test
    void fileWithAWrongChecksumIsThrownAwayAndNobodyTakesTheFolder() throws Exception {
        var store = EmbeddedParts.shared().store();
        store.put("models/bad/config.json", CONFIG);
        store.put("models/bad/model.safetensors", "other weights".getBytes(StandardCharsets.UTF_8));
        fetchFromBucket("models/bad");

        assertThat(run("fetch")).isEqualTo(2);

        assertThat(said)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("model.safetensors has the SHA-256 ")
                        .contains(digest(WEIGHTS))
                        .contains("Correct model.checksums if you trust the source"));
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("config.json");
        }
    }

    @Test
    void objectThatIsMissingIsNamed() {
        fetchFromBucket("models/nothing");

        assertThat(run("fetch")).isEqualTo(2);
        assertThat(said)
                .anySatisfy(line ->
                        assertThat(line).contains("The bucket has no object models/nothing/config.json: upload it"));
    }

    @Test
    void whatWasFetchedBeforeIsNotFetchedAgain() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (var hub = new Hub(exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            answer(exchange, exchange.getRequestURI().getPath().endsWith("config.json") ? CONFIG : WEIGHTS);
        })) {
            environment.put("SACCADE_MODEL_SOURCE", hub.address());
            Files.createDirectories(folder);
            Files.write(folder.resolve("model.safetensors"), WEIGHTS);

            assertThat(run("fetch")).isZero();
            assertThat(run("fetch")).isZero();
        }
        assertThat(asked).containsExactly("/resolve/main/config.json");
        assertThat(said).anySatisfy(line -> assertThat(line).endsWith("is complete already."));
    }

    @Test
    void tokenStaysWithTheHubWhenItRedirects() throws Exception {
        List<String> tokens = new CopyOnWriteArrayList<>();
        try (var files = new Hub(exchange -> {
                    tokens.add("files: " + exchange.getRequestHeaders().getFirst("Authorization"));
                    answer(exchange, exchange.getRequestURI().getPath().endsWith("config.json") ? CONFIG : WEIGHTS);
                });
                var hub = new Hub(exchange -> {
                    tokens.add("hub: " + exchange.getRequestHeaders().getFirst("Authorization"));
                    exchange.getResponseHeaders()
                            .add(
                                    "Location",
                                    files.address() + exchange.getRequestURI().getPath());
                    exchange.sendResponseHeaders(302, -1);
                    exchange.close();
                })) {
            environment.put("SACCADE_MODEL_SOURCE", hub.address());
            environment.put("SACCADE_MODEL_TOKEN", "hf_secret");

            assertThat(run("fetch")).isZero();
        }
        assertThat(tokens).contains("hub: Bearer hf_secret", "files: null").doesNotContain("files: Bearer hf_secret");
        assertThat(said).noneSatisfy(line -> assertThat(line).contains("hf_secret"));
    }

    @Test
    void hubThatRefusesOrIsBusyIsToldApart() throws Exception {
        var status = new int[] {401};
        try (var hub = new Hub(exchange -> {
            exchange.sendResponseHeaders(status[0], -1);
            exchange.close();
        })) {
            environment.put("SACCADE_MODEL_SOURCE", hub.address());
            assertThat(run("fetch")).isEqualTo(2);
            assertThat(said.getLast()).contains("accept the model's licence").contains("secrets.hub");

            status[0] = 404;
            assertThat(run("fetch")).isEqualTo(2);
            assertThat(said.getLast()).contains("The hub has no config.json").contains("model.source.url");

            status[0] = 503;
            assertThat(run("fetch")).isEqualTo(1);
            assertThat(said.getLast()).contains("The hub answers 503");
        }
    }

    @Test
    void folderOnTheVolumeIsCheckedFileByFile() throws Exception {
        assertThat(run("await")).isEqualTo(2);
        assertThat(said.getLast()).contains("There is no folder " + folder).contains("model.volume.existingClaim");

        Files.createDirectories(folder);
        Files.write(folder.resolve("config.json"), CONFIG);
        assertThat(run("await")).isEqualTo(2);
        assertThat(said.getLast()).contains("has no model.safetensors");

        Files.write(folder.resolve("model.safetensors"), CONFIG);
        assertThat(run("await")).isZero();
        assertThat(run("verify")).isEqualTo(2);
        assertThat(said.getLast()).contains("copy it onto the volume again");

        Files.write(folder.resolve("model.safetensors"), WEIGHTS);
        assertThat(run("verify")).isZero();
    }

    @Test
    void checksumsThatLeaveTheFolderAreRefused() throws Exception {
        expect(digest(CONFIG) + "  ../../etc/passwd\n");

        assertThat(run("verify")).isEqualTo(2);
        assertThat(said.getLast()).contains("not a SHA-256 and a file name").contains("sha256sum");
    }

    @Test
    void settingThatIsMissingIsNamed() {
        assertThat(run("fetch")).isEqualTo(2);
        assertThat(said.getLast()).isEqualTo("Set SACCADE_MODEL_SOURCE.");
        assertThat(run("dance")).isEqualTo(2);
        assertThat(said.getLast()).isEqualTo("Give one of: fetch, verify, await.");
    }

    private int run(String what) {
        return new ProvideModel(environment, said::add, Duration.ofMillis(20)).run(what);
    }

    private void expect(String checksums) throws IOException {
        Path file = Files.writeString(volume.resolve("SHA256SUMS"), checksums);
        environment.put("SACCADE_MODEL_CHECKSUMS", file.toString());
    }

    private void fetchFromBucket(String prefix) {
        environment.put("SACCADE_MODEL_SOURCE", "s3://" + TestStore.BUCKET + "/" + prefix + "/");
        environment.put("SACCADE_STORE_ENDPOINT", EmbeddedParts.shared().store().endpoint());
        environment.put("SACCADE_STORE_ACCESS_KEY", TestStore.KEY);
        environment.put("SACCADE_STORE_SECRET_KEY", TestStore.SECRET);
    }

    private static String digest(byte[] content) throws IOException {
        return Checksums.copy(new ByteArrayInputStream(content), OutputStream.nullOutputStream());
    }

    private static void answer(HttpExchange exchange, byte[] content) throws IOException {
        exchange.sendResponseHeaders(200, content.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(content);
        }
    }

    /** A hub on a port of its own. */
    private static final class Hub implements AutoCloseable {

        private final HttpServer server;

        Hub(HttpHandler handler) throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", handler);
            server.start();
        }

        String address() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/resolve/main";
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
