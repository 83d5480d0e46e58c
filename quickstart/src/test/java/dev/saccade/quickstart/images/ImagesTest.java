package dev.saccade.quickstart.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.endtoend.Fixtures;
import dev.saccade.quickstart.endtoend.Jobs;
import dev.saccade.quickstart.stack.BrokerAddress;
import dev.saccade.quickstart.stack.RunningParts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The images that {@code ./saccade images} made on a base without a shell: what lies in them, and API, worker and migrations in
 * restricted containers against the real PostgreSQL, RabbitMQ and S3 store.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImagesTest {

    private static final String BOOTSTRAP_KEY = "sk_" + "containers".repeat(4) + "123";
    private static final String SERVICE_PASSWORD = "of-the-services";

    private final Map<String, Image> images = new HashMap<>();
    private Path files = Path.of("");
    private Path folder = Path.of("");

    @BeforeAll
    void unpack() throws IOException {
        String given = System.getenv().getOrDefault("SACCADE_TEST_IMAGES", "");
        if (given.isBlank()) {
            abort("needs images and runc; asked for with ./saccade test --images");
        }
        files = Path.of(given);
        folder = Fixtures.emptyFolder("images");
        for (String name : List.of("api", "worker-cpu", "migrations")) {
            images.put(name, Image.unpack(files.resolve(name + ".tar"), folder.resolve(name)));
        }
    }

    private Image image(String name) {
        return Objects.requireNonNull(images.get(name), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker-cpu", "migrations"})
    void imageRunsAsNobodyInParticularAndHasNoShell(String name) {
        Image image = image(name);

        assertThat(image.config().path("User").asString()).isEqualTo("10001:10001");
        assertThat(image.entrypoint()).first().isEqualTo("/opt/java/bin/java");
        assertThat(List.of("bin/sh", "bin/bash", "bin/dash", "usr/bin/perl", "usr/bin/apt"))
                .allSatisfy(program -> assertThat(image.root().resolve(program)).doesNotExist());
    }

    @ParameterizedTest
    @ValueSource(strings = {"api", "worker-cpu", "migrations"})
    void billOfMaterialsNamesWhatLiesInTheImage(String name) throws IOException {
        Path saccade = image(name).root().resolve("opt/saccade");

        JsonNode bill = JsonMapper.shared().readTree(saccade.resolve("bom.json"));

        assertThat(bill.path("bomFormat").asString()).isEqualTo("CycloneDX");
        List<String> named = bill.path("components")
                .valueStream()
                .map(part -> part.path("name").asString() + "-"
                        + part.path("version").asString())
                .toList();
        try (var jars = Files.list(saccade.resolve("libs"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString()))
                    .isNotEmpty()
                    .allSatisfy(jar -> assertThat(named).anyMatch(jar::startsWith));
        }
    }

    @Test
    void layersGoFromWhatSeldomChangesToWhatOftenDoes() throws IOException {
        String manifest = Commands.run("tar", "-xOf", files.resolve("api.tar").toString(), "manifest.json");

        // base, libraries, our own modules, settings, JRE: an upgrade of ours moves the small ones
        assertThat(JsonMapper.shared().readTree(manifest).get(0).path("Layers").size())
                .isGreaterThanOrEqualTo(4);
    }

    @Test
    void anotherBuildIsTheSameToTheByte() throws IOException {
        Path digest = files.resolve("migrations.digest");
        String before = Files.readString(digest);
        Files.delete(digest);

        Commands.run(
                ModelOptions.home().resolve("saccade").toString(),
                "images",
                "--base",
                System.getenv("SACCADE_TEST_IMAGE_BASE"),
                "--only",
                "db-migrations");

        assertThat(Files.readString(digest)).isEqualTo(before);
    }

    @Test
    void clipIsAnsweredByServicesInRestrictedContainers() throws Exception {
        String rabbit = System.getenv().getOrDefault("SACCADE_TEST_RABBITMQ", "");
        if (rabbit.isBlank()) {
            abort("needs a RabbitMQ, which .ci/rabbitmq has for Debian");
        }
        Path models = new ModelOptions().folder();
        try (var parts = RunningParts.start(folder.resolve("data"), BrokerAddress.rabbitmq(URI.create(rabbit)))) {
            new JdbcTemplate(parts.owner()).execute("create database containers");
            Map<String, String> environment = services(parts, URI.create(rabbit));
            String services = environment.get("SPRING_DATASOURCE_USERNAME");
            try (var migrations = Container.run(image("migrations"), owner(parts, environment), models)) {
                assertThat(migrations.awaitExit()).as(migrations.printed()).isZero();
                assertThat(migrations.printed()).contains("The services' log-in " + services + " is ready.");
            }
            int port = Fixtures.freePort();
            int managementPort = Fixtures.freePort();
            int workerPort = Fixtures.freePort();
            try (var api = Container.run(image("api"), api(environment, port, managementPort), models);
                    var worker = Container.run(image("worker-cpu"), worker(environment, workerPort), models)) {
                api.awaitReady("http://127.0.0.1:" + managementPort + "/actuator/health/readiness");
                worker.awaitReady("http://127.0.0.1:" + workerPort + "/actuator/health/readiness");

                JsonNode job = ask(URI.create("http://127.0.0.1:" + port));

                assertThat(job.path("state").asString())
                        .as(job.toPrettyString())
                        .isEqualTo("succeeded");
                assertThat(job.path("result").path("answer").asString()).isEqualTo(Fixtures.ANSWER);
                assertThat(worker.stop())
                        .as("SIGTERM drains: " + worker.printed())
                        .isIn(0, 143);
                assertThat(api.stop()).as("SIGTERM ends it: " + api.printed()).isIn(0, 143);
            }
        }
    }

    private static JsonNode ask(URI address) throws IOException {
        String key;
        try (var platform = new ApiClient(address, BOOTSTRAP_KEY)) {
            String tenant = post(platform, "/v1/tenants", "{\"name\": \"containers\"}")
                    .path("id")
                    .asString();
            key = post(platform, "/v1/tenants/" + tenant + "/api-keys", "{\"name\": \"test\", \"role\": \"admin\"}")
                    .path("secret")
                    .asString();
        }
        try (var client = new ApiClient(address, key)) {
            String video = client.upload(Fixtures.clip(), sent -> {}).path("id").asString();
            String job = client.submit(Fixtures.greedyJob(video, Fixtures.QUESTION))
                    .path("id")
                    .asString();
            return Jobs.awaitEnd(client, job);
        }
    }

    private static JsonNode post(ApiClient client, String path, String body) throws IOException {
        var answer = client.send(client.request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.statusCode()).as(text).isEqualTo(201);
        return JsonMapper.shared().readTree(text);
    }

    /** As the chart sets them. */
    private static Map<String, String> services(RunningParts parts, URI rabbit) {
        Map<String, String> environment = new HashMap<>(parts.credentials());
        environment.put("SPRING_PROFILES_ACTIVE", "production");
        environment.put("SPRING_DATASOURCE_URL", "jdbc:postgresql://127.0.0.1:" + parts.databasePort() + "/containers");
        environment.put("SPRING_DATASOURCE_USERNAME", "saccade_containers");
        environment.put("SPRING_DATASOURCE_PASSWORD", SERVICE_PASSWORD);
        environment.put("SPRING_DATASOURCE_HIKARI_MAXIMUM_POOL_SIZE", "6"); // the embedded server takes few in all
        environment.put("SPRING_RABBITMQ_HOST", rabbit.getHost());
        environment.put("SPRING_RABBITMQ_PORT", Integer.toString(rabbit.getPort()));
        environment.put("SACCADE_STORE_ENDPOINT", parts.store().toString());
        environment.put("XDG_CACHE_HOME", "/scratch/cache");
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx512m -XX:TieredStopAtLevel=1 -Djava.io.tmpdir=/tmp");
        return environment;
    }

    private static Map<String, String> owner(RunningParts parts, Map<String, String> services) {
        return Map.of(
                "SPRING_DATASOURCE_URL", services.get("SPRING_DATASOURCE_URL"),
                "SPRING_DATASOURCE_USERNAME", String.valueOf(parts.owner().getUser()),
                "SPRING_DATASOURCE_PASSWORD", String.valueOf(parts.owner().getPassword()),
                "SACCADE_SERVICE_USERNAME", services.get("SPRING_DATASOURCE_USERNAME"),
                "SACCADE_SERVICE_PASSWORD", SERVICE_PASSWORD);
    }

    private static Map<String, String> api(Map<String, String> services, int port, int managementPort) {
        Map<String, String> environment = new HashMap<>(services);
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("MANAGEMENT_SERVER_PORT", Integer.toString(managementPort));
        environment.put("SACCADE_API_UPLOAD_FOLDER", "/scratch/uploads");
        environment.put("SACCADE_ACCESS_BOOTSTRAP_KEY", BOOTSTRAP_KEY);
        return environment;
    }

    private static Map<String, String> worker(Map<String, String> services, int port) {
        Map<String, String> environment = new HashMap<>(services);
        environment.put("SERVER_PORT", Integer.toString(port));
        environment.put("SACCADE_WORKER_MODEL", "/models");
        environment.put("SACCADE_WORKER_DEVICE", "cpu");
        environment.put("SACCADE_WORKER_CACHE_DIR", "/scratch/media");
        return environment;
    }
}
