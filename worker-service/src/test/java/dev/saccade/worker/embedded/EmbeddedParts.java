package dev.saccade.worker.embedded;

import dev.saccade.migrations.Migrations;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The parts that a worker stands on. They run until the JVM ends. */
public final class EmbeddedParts {

    private static @Nullable EmbeddedParts shared;

    private final EmbeddedPostgres database;
    private final int brokerPort;
    private final TestStore store;

    private EmbeddedParts(EmbeddedPostgres database, int brokerPort, TestStore store) {
        this.database = database;
        this.brokerPort = brokerPort;
        this.store = store;
    }

    // not in the class's initialiser, which the threads that start the parts would wait for
    public static synchronized EmbeddedParts shared() {
        if (shared == null) {
            shared = startAll();
        }
        return shared;
    }

    public TestStore store() {
        return store;
    }

    public int brokerPort() {
        return brokerPort;
    }

    /** Command-line arguments that point a Spring application at these parts. */
    public List<String> arguments() {
        return List.of(
                "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                "--spring.datasource.username=postgres",
                "--spring.rabbitmq.host=127.0.0.1",
                "--spring.rabbitmq.port=" + brokerPort,
                "--spring.rabbitmq.username=" + TestBroker.USER,
                "--spring.rabbitmq.password=" + TestBroker.PASSWORD,
                "--saccade.broker.kind=embedded",
                "--saccade.store.endpoint=" + store.endpoint(),
                "--saccade.store.access-key=" + TestStore.KEY,
                "--saccade.store.secret-key=" + TestStore.SECRET,
                "--saccade.store.bucket=" + TestStore.BUCKET);
    }

    // on platform threads: class loading from many jars has deadlocked virtual ones on two cores
    private static EmbeddedParts startAll() {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Path folder = Files.createTempDirectory("saccade-worker-test");
            var database = CompletableFuture.supplyAsync(EmbeddedParts::database, threads);
            var broker = CompletableFuture.supplyAsync(() -> TestBroker.start(folder), threads);
            var store = CompletableFuture.supplyAsync(() -> TestStore.start(folder.resolve("store")), threads);
            return new EmbeddedParts(database.join(), broker.join(), store.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres database() {
        try {
            var database = EmbeddedPostgres.builder().start();
            Migrations.apply(database.getPostgresDatabase());
            return database;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
