package dev.saccade.migrations;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** One real PostgreSQL for all tests of a JVM; it stops with the JVM. */
final class PostgresServer {

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final EmbeddedPostgres SERVER = start();

    private PostgresServer() {}

    /** A new, empty database, as its owner. */
    static PGSimpleDataSource newDatabase() throws SQLException {
        var name = "migrations_" + DATABASES.incrementAndGet();
        run(named("postgres"), "create database " + name);
        return named(name);
    }

    /** A new database with the schema of this version, copied from one that was migrated once. */
    static PGSimpleDataSource migratedDatabase() throws SQLException {
        var name = "migrated_" + DATABASES.incrementAndGet();
        run(named("postgres"), "create database " + name + " template " + Migrated.NAME);
        return named(name);
    }

    private static final class Migrated {

        static final String NAME = make();

        private static String make() {
            try {
                run(named("postgres"), "create database migrated");
            } catch (SQLException e) {
                throw new IllegalStateException("No database to copy", e);
            }
            Migrations.apply(named("migrated"));
            return "migrated";
        }
    }

    /** The server's own first database or {@code template1}. */
    static PGSimpleDataSource named(String name) {
        var database = new PGSimpleDataSource();
        database.setUrl(SERVER.getJdbcUrl("postgres", name));
        database.setUser("postgres");
        return database;
    }

    static void run(PGSimpleDataSource database, String statement) throws SQLException {
        try (var connection = database.getConnection();
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.start();
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL did not start", e);
        }
    }
}
