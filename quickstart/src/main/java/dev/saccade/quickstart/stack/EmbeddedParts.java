package dev.saccade.quickstart.stack;

import dev.saccade.migrations.Migrations;
import dev.saccade.migrations.ServiceLogin;
import dev.saccade.quickstart.StartupException;
import dev.saccade.quickstart.embedded.DataFolder;
import dev.saccade.quickstart.embedded.EmbeddedBroker;
import dev.saccade.quickstart.embedded.EmbeddedPostgres;
import dev.saccade.quickstart.embedded.EmbeddedStore;
import dev.saccade.quickstart.stack.StartListener.Step;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Database, broker and store while they start: each on a thread of its own, so that the services can be put together
 * meanwhile and wait only for the part that they touch.
 */
final class EmbeddedParts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedParts.class);

    /** The services' log-in: not the schema's owner, so that they can't change the audit log. */
    static final String SERVICE_USER = "saccade_quickstart";

    private final String ownerPassword;
    private final String databasePassword;
    private final String storeSecret;
    private final CompletableFuture<EmbeddedPostgres> database;
    private final CompletableFuture<Broker> broker;
    private final CompletableFuture<EmbeddedStore> store;

    EmbeddedParts(DataFolder data, Path cache, QuickstartOptions options, StartListener listener)
            throws StartupException {
        ownerPassword = data.secret("database");
        databasePassword = data.secret("database-service");
        String brokerPassword = data.secret("broker");
        storeSecret = data.secret("store");
        database = inParallel("database", Step.DATABASE, listener, () -> {
            return migrated(
                    EmbeddedPostgres.start(data, cache, ownerPassword, options.durability(), options.database()));
        });
        broker = inParallel("broker", Step.BROKER, listener, () -> Broker.start(options, data, brokerPassword));
        store = inParallel("store", Step.STORE, listener, () -> EmbeddedStore.start(data, storeSecret));
    }

    /** Waits for PostgreSQL with its schema in place. */
    EmbeddedPostgres database() {
        return database.join();
    }

    BrokerAddress broker() {
        return broker.join().address();
    }

    EmbeddedStore store() {
        return store.join();
    }

    /** Of {@link #SERVICE_USER}. */
    String databasePassword() {
        return databasePassword;
    }

    String storeSecret() {
        return storeSecret;
    }

    /** Why a part did not start, where that is so; waits for all of them. */
    Optional<StartupException> failure() {
        return Stream.of(database, broker, store)
                .map(part -> part.handle((started, failure) -> failure))
                .map(CompletableFuture::join)
                .filter(failure -> failure != null)
                .map(failure -> failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure)
                .map(failure -> failure instanceof StartupException known
                        ? known
                        : new StartupException("An embedded part did not start: " + failure.getMessage(), failure))
                .findFirst();
    }

    private EmbeddedPostgres migrated(EmbeddedPostgres server) throws Exception {
        DataSource source = ownersDatabase(server);
        try {
            Migrations.apply(source);
            ServiceLogin.ensure(source, SERVICE_USER, databasePassword);
            return server;
        } catch (RuntimeException | SQLException e) {
            server.close();
            throw new StartupException(
                    "The database in the data folder could not be brought to this version: " + e.getMessage(), e);
        }
    }

    /** The database, as the owner of the schema. */
    DataSource ownersDatabase() {
        return ownersDatabase(database());
    }

    private DataSource ownersDatabase(EmbeddedPostgres server) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.jdbcUrl());
        source.setUser(EmbeddedPostgres.USER);
        source.setPassword(ownerPassword);
        return source;
    }

    /** A broker of our own, or one that others run. */
    private record Broker(BrokerAddress address, AutoCloseable server) implements AutoCloseable {

        static Broker start(QuickstartOptions options, DataFolder data, String password) throws StartupException {
            BrokerAddress external = options.rabbitmq();
            if (external != null) {
                return new Broker(external, () -> {});
            }
            EmbeddedBroker server = EmbeddedBroker.start(data, password);
            BrokerAddress address = new BrokerAddress(
                    "embedded", "127.0.0.1", server.port(), EmbeddedBroker.USER, password, EmbeddedBroker.VIRTUAL_HOST);
            return new Broker(address, server);
        }

        @Override
        public void close() throws Exception {
            server.close();
        }
    }

    private interface Start<T> {
        T start() throws Exception;
    }

    /** On a platform thread: virtual threads deadlocked in class loading on two cores. */
    private static <T> CompletableFuture<T> inParallel(String name, Step step, StartListener listener, Start<T> start) {
        CompletableFuture<T> started = new CompletableFuture<>();
        Thread.ofPlatform().name("start-" + name).daemon().start(() -> {
            try {
                started.complete(start.start());
                listener.done(step);
            } catch (Throwable e) {
                LOG.error("The {} did not start", name, e);
                started.completeExceptionally(e);
            }
        });
        return started;
    }

    /** Stops what has started; waits for what is still starting. */
    @Override
    public void close() {
        closeWhenStarted("object store", store);
        closeWhenStarted("broker", broker);
        closeWhenStarted("database", database);
    }

    private static void closeWhenStarted(String name, CompletableFuture<? extends AutoCloseable> part) {
        try {
            part.handle((started, failure) -> started).join();
            if (!part.isCompletedExceptionally()) {
                part.join().close();
            }
        } catch (Exception e) {
            LOG.warn("The {} did not stop cleanly", name, e);
        }
    }
}
