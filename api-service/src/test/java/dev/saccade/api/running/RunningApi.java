package dev.saccade.api.running;

import dev.saccade.api.ApiApplication;
import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Role;
import dev.saccade.ledger.tenants.Scope;
import dev.saccade.ledger.tenants.Tenants;
import dev.saccade.migrations.Migrations;
import dev.saccade.migrations.ServiceLogin;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The API on PostgreSQL, Qpid and S3Proxy: started when the first test asks for it, stopped with the JVM. */
public final class RunningApi {

    /** Above the heap of the tests' JVM, so that an upload of this size can't have been in memory. */
    public static final long MAX_UPLOAD_BYTES = 208L << 20;

    public static final int MAX_QUESTION_CHARACTERS = 100_000;

    /** Runs the platform. */
    public static final String BOOTSTRAP_KEY = "sk_" + "bootstrap".repeat(4) + "1234567";

    private static final String WEBHOOK_KEY = Base64.getEncoder().encodeToString(new byte[32]);

    /** As in production: not the schema's owner. */
    private static final String DATABASE_USER = "api_service";

    private static final class Holder {
        static final RunningApi RUNNING = launch();
    }

    private static volatile @Nullable ConfigurableApplicationContext started;

    private final TestBroker broker;
    private final TestStore store;
    private final TestIssuer issuer;
    private final Path uploads;
    private final List<String> arguments;
    private final ConfigurableApplicationContext context;

    private RunningApi(
            TestBroker broker,
            TestStore store,
            TestIssuer issuer,
            Path uploads,
            List<String> arguments,
            ConfigurableApplicationContext context) {
        this.broker = broker;
        this.store = store;
        this.issuer = issuer;
        this.uploads = uploads;
        this.arguments = arguments;
        this.context = context;
    }

    public static RunningApi get() {
        return Holder.RUNNING;
    }

    /** Stops it, if a test has asked for it. */
    static void stop() {
        ConfigurableApplicationContext running = started;
        if (running != null) {
            running.close();
        }
    }

    /** The administrator of a tenant of its own, so that tests can't see each other's jobs. */
    public Client newTenant() {
        return newClient(newTenantId(), Role.ADMIN.scopes());
    }

    public UUID newTenantId() {
        return context.getBean(Tenants.class).ensure("tenant-" + UUID.randomUUID());
    }

    /** A client of this tenant with a key of its own that may do just this. */
    public Client newClient(UUID tenant, Set<Scope> scopes) {
        return client(context.getBean(ApiKeys.class).issue(tenant, "test-" + UUID.randomUUID(), scopes));
    }

    public Client client(String key) {
        return new Client(port(), key);
    }

    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** All beans of a type, where there are several. */
    public <T> Collection<T> beans(Class<T> type) {
        return context.getBeansOfType(type).values();
    }

    public TestBroker broker() {
        return broker;
    }

    public TestStore store() {
        return store;
    }

    public TestIssuer issuer() {
        return issuer;
    }

    /** What it was started with, for another instance on the same parts. */
    List<String> arguments() {
        return arguments;
    }

    /** Where files lie while they are received. */
    public Path uploads() {
        return uploads;
    }

    private static RunningApi launch() {
        try {
            Path folder = Files.createTempDirectory("saccade-api-test");
            TestBroker broker = new TestBroker(folder.resolve("broker"));
            TestStore store = new TestStore(folder.resolve("store"));
            TestIssuer issuer = TestIssuer.start();
            // Platform threads of their own: the parts load classes while they start.
            Executor threads = task -> Thread.ofPlatform().daemon().start(task);
            CompletableFuture<Void> brokerStart = CompletableFuture.runAsync(broker::start, threads);
            CompletableFuture<Void> storeStart = CompletableFuture.runAsync(store::start, threads);
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "30")
                    .start();
            Migrations.apply(postgres.getPostgresDatabase());
            ServiceLogin.ensure(postgres.getPostgresDatabase(), DATABASE_USER, DATABASE_USER);
            CompletableFuture.allOf(brokerStart, storeStart).join();
            Path uploads = folder.resolve("uploads");
            List<String> arguments = List.of(
                    "--server.port=0",
                    "--spring.main.banner-mode=off",
                    "--spring.datasource.url=" + postgres.getJdbcUrl(DATABASE_USER, "postgres"),
                    "--spring.datasource.username=" + DATABASE_USER,
                    "--spring.datasource.password=" + DATABASE_USER,
                    "--spring.rabbitmq.host=127.0.0.1",
                    "--spring.rabbitmq.port=" + broker.port(),
                    "--spring.rabbitmq.username=" + TestBroker.USER,
                    "--spring.rabbitmq.password=" + TestBroker.PASSWORD,
                    "--saccade.broker.kind=embedded",
                    "--saccade.store.endpoint=" + store.endpoint(),
                    "--saccade.store.pause=100ms",
                    "--saccade.store.access-key=" + TestStore.ACCESS_KEY,
                    "--saccade.store.secret-key=" + TestStore.SECRET_KEY,
                    "--saccade.api.max-upload-bytes=" + MAX_UPLOAD_BYTES,
                    "--saccade.api.upload-folder=" + uploads,
                    "--saccade.api.sweep-interval=1s",
                    "--saccade.events.heartbeat=1s",
                    "--saccade.events.key-check=1s",
                    "--saccade.events.poll=500ms",
                    "--saccade.access.bootstrap-key=" + BOOTSTRAP_KEY,
                    "--saccade.access.last-use-interval=200ms",
                    "--saccade.access.oauth2.issuer=" + issuer.uri(),
                    "--saccade.access.oauth2.audience=" + TestIssuer.AUDIENCE,
                    "--saccade.access.oauth2.tenant-claim=org.tenant",
                    "--saccade.audit.seal-interval=200ms",
                    "--saccade.webhooks.key=" + WEBHOOK_KEY,
                    "--saccade.webhooks.trusted-hosts=localhost",
                    "--saccade.webhooks.interval=100ms",
                    "--saccade.webhooks.first-pause=200ms",
                    "--saccade.uploads.segment-bytes=65536",
                    "--saccade.import.enabled=true",
                    "--saccade.import.trusted-hosts=localhost",
                    "--saccade.import.timeout=3s",
                    "--saccade.media.max-duration=60s");
            ConfigurableApplicationContext context =
                    new SpringApplication(ApiApplication.class).run(arguments.toArray(String[]::new));
            started = context;
            return new RunningApi(broker, store, issuer, uploads, arguments, context);
        } catch (IOException | SQLException failure) {
            throw new IllegalStateException("The API did not start", failure);
        }
    }
}
