package dev.saccade.quickstart.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.saccade.api.ApiApplication;
import dev.saccade.ledger.LedgerConfiguration;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.messages.JobQueues;
import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Role;
import dev.saccade.ledger.tenants.Tenants;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.endtoend.Fixtures;
import dev.saccade.quickstart.endtoend.JavaChild;
import dev.saccade.quickstart.stack.RunningParts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Real PostgreSQL with durable commits, a real RabbitMQ and an S3 store, and the services' own programs as processes, which
 * reach the parts through {@link Gate}s. Each test's jobs are a tenant's of their own: {@link Trial}.
 */
final class FaultBed implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** That a job may cost which the test itself submits to the ledger; the API's jobs may cost a hundred. */
    static final int ATTEMPTS = 2;

    private final Path folder = Fixtures.emptyFolder("faults");
    private final PrivateRabbit rabbit;
    private final RunningParts parts;
    private final ConfigurableApplicationContext ledger;
    private final List<JavaChild> processes = new CopyOnWriteArrayList<>();
    private final List<Path> held = new CopyOnWriteArrayList<>();

    final Gate brokerOfApi;
    final Gate brokerOfWorker;
    final Gate databaseOfWorker;
    final Gate storeOfApi;
    final Gate storeOfWorker;

    /** The ledger in the test's own JVM, for what no client may do. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(LedgerConfiguration.class)
    static class LedgerOnly {}

    private FaultBed() throws Exception {
        rabbit = PrivateRabbit.start(folder.resolve("rabbitmq"));
        parts = RunningParts.start(folder.resolve("data"), rabbit.address());
        brokerOfApi = Gate.to(rabbit.address().port());
        brokerOfWorker = Gate.to(rabbit.address().port());
        databaseOfWorker = Gate.to(parts.databasePort());
        storeOfApi = Gate.to(parts.store().getPort());
        storeOfWorker = Gate.to(parts.store().getPort());
        ledger = new SpringApplicationBuilder(LedgerOnly.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of("spring.main.banner-mode", "off", "spring.jpa.hibernate.ddl-auto", "none"))
                .run(
                        "--spring.datasource.url=" + databaseUrl(parts.databasePort()),
                        "--spring.datasource.username=" + parts.serviceUser(),
                        "--spring.datasource.password=" + parts.credentials().get("SPRING_DATASOURCE_PASSWORD"),
                        "--spring.datasource.hikari.maximum-pool-size=4",
                        "--saccade.ledger.max-attempts=" + ATTEMPTS,
                        "--spring.rabbitmq.port=" + rabbit.address().port(),
                        "--spring.rabbitmq.username=" + rabbit.address().user(),
                        "--spring.rabbitmq.password=" + rabbit.address().password());
    }

    static FaultBed start() throws Exception {
        return new FaultBed();
    }

    /** An API's process, which answers. */
    JavaChild api(Map<String, String> more) throws IOException {
        Map<String, String> environment = environment(brokerOfApi, parts.databasePort(), storeOfApi);
        environment.put("SACCADE_API_UPLOADFOLDER", folder.resolve("uploads").toString());
        environment.put("LOGGING_LEVEL_ORG_SPRINGFRAMEWORK_BOOT_TOMCAT", "INFO"); // says the port
        environment.put("SACCADE_API_RELAYINTERVAL", "300ms");
        environment.put("SACCADE_API_SWEEPINTERVAL", "500ms");
        environment.put("SACCADE_LEDGER_MAXATTEMPTS", "100");
        environment.put("SACCADE_LEDGER_REHINTAFTER", "5s");
        environment.putAll(more);
        return started(JavaChild.start(ApiApplication.class.getName(), environment));
    }

    /** A worker's process, on its way to its first job. */
    JavaChild worker(Map<String, String> more) throws IOException {
        Map<String, String> environment = environment(brokerOfWorker, databaseOfWorker.port(), storeOfWorker);
        environment.put("SACCADE_WORKER_MODEL", new ModelOptions().folder().toString());
        environment.put("SACCADE_WORKER_SLOTS", "4");
        environment.put("SACCADE_WORKER_LEASE", "3s");
        environment.put("SACCADE_WORKER_HEARTBEATINTERVAL", "500ms");
        environment.put("SACCADE_WORKER_DRAINTIMEOUT", "1s");
        environment.put(
                "SACCADE_WORKER_CACHEDIR", Fixtures.emptyFolder("worker-cache").toString());
        environment.putAll(more);
        return started(JavaChild.start(RecordedWorker.class.getName(), environment));
    }

    private JavaChild started(JavaChild process) {
        processes.add(process);
        return process;
    }

    private Map<String, String> environment(Gate broker, int databasePort, Gate store) {
        Map<String, String> environment = new HashMap<>(parts.credentials());
        environment.put("SPRING_DATASOURCE_URL", databaseUrl(databasePort));
        environment.put("SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE", "6"); // the embedded server takes few in all
        environment.put("SPRING_DATASOURCE_HIKARI_CONNECTIONTIMEOUT", "2000");
        environment.put("SPRING_RABBITMQ_HOST", "127.0.0.1");
        environment.put("SPRING_RABBITMQ_PORT", Integer.toString(broker.port()));
        environment.put("SACCADE_STORE_ENDPOINT", "http://127.0.0.1:" + store.port());
        environment.put("SERVER_PORT", "0");
        // these processes live for seconds: starting fast is worth more than running fast
        environment.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -Xshare:auto");
        return environment;
    }

    private static String databaseUrl(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?logServerErrorDetail=false&socketTimeout=10";
    }

    /** Waits until it answers. */
    static URI address(JavaChild api) {
        return URI.create("http://127.0.0.1:" + api.awaitPrinted("Tomcat started on port (\\d+)"));
    }

    /** A tenant of its own. */
    UUID newTenant(String name) {
        return ofLedger(() -> ledger.getBean(Tenants.class).ensure(name + " " + UUID.randomUUID()));
    }

    String newKey(UUID tenant) {
        return ofLedger(() -> ledger.getBean(ApiKeys.class).issue(tenant, "test", Role.ADMIN.scopes()));
    }

    /** The test before may have ended all sessions of the database: the pool finds out when it uses one. */
    private static <T> T ofLedger(Callable<T> call) {
        return await("the ledger's pool to have sessions").ignoreExceptions().until(call, Objects::nonNull);
    }

    JdbcTemplate database() {
        return new JdbcTemplate(parts.owner());
    }

    JobLedger ledger() {
        return ledger.getBean(JobLedger.class);
    }

    String serviceUser() {
        return parts.serviceUser();
    }

    String storeSecret() {
        return parts.credentials().getOrDefault("SACCADE_STORE_SECRETKEY", "");
    }

    int storePort() {
        return parts.store().getPort();
    }

    PrivateRabbit rabbit() {
        return rabbit;
    }

    /** Straight to the broker, past every gate. */
    RabbitTemplate broker() {
        return new RabbitTemplate(ledger.getBean(CachingConnectionFactory.class));
    }

    void send(String routingKey, String body) {
        broker().convertAndSend(JobQueues.EXCHANGE, routingKey, body.getBytes(UTF_8));
    }

    /** A file that isn't there yet, for {@link RecordedEngine#heldUntil}. */
    Path newRelease() throws IOException {
        Path file = Files.createTempFile(folder, "release", "");
        Files.delete(file);
        held.add(file);
        return file;
    }

    /** As {@link JobQueues} says, also what a test has deleted. */
    void declareQueues() {
        ledger.getBean(AmqpAdmin.class).initialize();
    }

    /** After a test, whatever it left: gates open, nothing held or frozen, no processes but these. */
    void calm(List<JavaChild> wanted) throws Exception {
        storeOfApi.leadTo(storePort());
        for (Gate gate : gates()) {
            gate.open();
        }
        for (Path file : held) {
            if (!Files.exists(file)) {
                Files.createFile(file);
            }
        }
        held.clear();
        for (JavaChild process : processes) {
            if (!wanted.contains(process) || !process.isAlive()) {
                process.kill();
                processes.remove(process);
            } else {
                process.thaw();
            }
        }
    }

    private List<Gate> gates() {
        return List.of(brokerOfApi, brokerOfWorker, databaseOfWorker, storeOfApi, storeOfWorker);
    }

    static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(100));
    }

    @Override
    public void close() throws Exception {
        for (JavaChild process : processes) {
            process.kill();
        }
        ledger.close();
        for (Gate gate : gates()) {
            gate.close();
        }
        parts.close();
        rabbit.close();
    }
}
