package dev.saccade.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class MigrationsTest {

    private static final EmbeddedPostgres SERVER = start();
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final String TENANT = "00000000-0000-7000-8000-000000000001";

    @AfterAll
    static void stop() throws IOException {
        SERVER.close();
    }

    @Test
    void emptyDatabaseIsBroughtUpToDateOnce() {
        var database = SERVER.getPostgresDatabase();

        assertThat(Migrations.apply(database)).isPositive();
        assertThat(Migrations.apply(database)).isZero();
    }

    @Test
    void programAppliesThemAndSucceeds() {
        assertThat(Migrate.run(Map.of(
                        "SPRING_DATASOURCE_URL", SERVER.getJdbcUrl("postgres", "template1"),
                        "SPRING_DATASOURCE_USERNAME", "postgres",
                        "SPRING_DATASOURCE_PASSWORD", "postgres")))
                .isZero();
    }

    @Test
    void programSaysWhichSettingIsMissing() {
        assertThat(Migrate.run(Map.of())).isEqualTo(2);
        assertThat(Migrate.run(Map.of("SPRING_DATASOURCE_URL", "jdbc:mysql://localhost/x")))
                .isEqualTo(2);
    }

    @Test
    void programFailsWhereNoDatabaseAnswers() {
        assertThat(Migrate.run(Map.of("SPRING_DATASOURCE_URL", "jdbc:postgresql://127.0.0.1:1/saccade")))
                .isEqualTo(1);
    }

    @Test
    void theServicesRoleWorksButCannotTouchTheAuditLog() throws SQLException {
        var owner = newDatabase();
        Migrations.apply(owner);
        ServiceLogin.ensure(owner, "it's \"a\" service", "it's secret");
        ServiceLogin.ensure(owner, "it's \"a\" service", "it's secret");

        try (var service = DriverManager.getConnection(owner.getUrl(), "it's \"a\" service", "it's secret");
                var sql = service.createStatement()) {
            sql.execute("insert into tenant (id, name) values ('" + TENANT + "', 'a')");
            sql.execute("insert into audit_event (id, tenant_id, actor, action, subject_type, subject_id, detail)"
                    + " values ('" + TENANT + "', '" + TENANT + "', 'a', 'b', 'c', '" + TENANT + "', '{}')");
            for (var refused : List.of(
                    "update audit_event set actor = 'nobody'",
                    "delete from audit_event",
                    "truncate audit_event",
                    "insert into audit_event select * from audit_event",
                    "insert into audit_event (id, tenant_id, at, actor, action, subject_type, subject_id, detail)"
                            + " select gen_random_uuid(), tenant_id, at, actor, action, subject_type, subject_id, detail"
                            + " from audit_event",
                    "update audit_seal set events = 1",
                    "delete from audit_seal",
                    "delete from audit_chain",
                    "update audit_clock set shift = 1",
                    "update audit_kept set from_id = gen_random_uuid()",
                    "alter table audit_event disable trigger all",
                    "drop table audit_event",
                    "set session_replication_role = replica",
                    "delete from tenant",
                    "delete from flyway_schema_history",
                    "create table mine (id int)")) {
                assertThatThrownBy(() -> sql.execute(refused))
                        .as(refused)
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState())
                                        .as(e.getMessage())
                                        .isEqualTo("42501"));
            }
        }
    }

    @Test
    void programMakesTheServicesLogIn() throws SQLException {
        var owner = newDatabase();
        var environment = new HashMap<>(Map.of(
                "SPRING_DATASOURCE_URL", owner.getUrl(),
                "SPRING_DATASOURCE_USERNAME", "postgres",
                "SPRING_DATASOURCE_PASSWORD", "postgres",
                "SACCADE_SERVICE_USERNAME", "services",
                "SACCADE_SERVICE_PASSWORD", "secret"));

        assertThat(Migrate.run(environment)).isZero();
        try (var service = DriverManager.getConnection(owner.getUrl(), "services", "secret");
                var sql = service.createStatement()) {
            assertThat(sql.executeQuery("select from tenant").next()).isFalse();
        }
        environment.put("SACCADE_SERVICE_USERNAME", "postgres");
        assertThat(Migrate.run(environment)).isEqualTo(2);
    }

    /** As in a database that was restored from a dump of one that had seen far more transactions. */
    @Test
    void transactionNumbersInTheAuditLogGoOnGrowingAfterARestore() throws SQLException {
        var owner = newDatabase();
        Migrations.apply(owner);
        try (var connection = owner.getConnection();
                var sql = connection.createStatement()) {
            sql.execute("insert into tenant (id, name) values ('" + TENANT + "', 'a')");
            var insert = "insert into audit_event (id, tenant_id, actor, action, subject_type, subject_id, detail%s)"
                    + " values (gen_random_uuid(), '" + TENANT + "', 'a', 'b', 'c', '" + TENANT + "', '{}'%s)";
            sql.execute(insert.formatted(", txn", ", 1000000000000"));

            Migrations.apply(owner);
            Migrations.apply(owner);
            sql.execute(insert.formatted("", ""));

            var rows = sql.executeQuery("select txn, shift from audit_event, audit_clock order by txn desc limit 1");
            assertThat(rows.next()).isTrue();
            assertThat(rows.getLong(1)).isGreaterThan(1_000_000_000_000L);
            assertThat(rows.getLong(2)).isBetween(999_000_000_000L, 1_000_000_000_000L);
        }
    }

    private static PGSimpleDataSource newDatabase() throws SQLException {
        var name = "migrations_" + DATABASES.incrementAndGet();
        try (var connection = SERVER.getPostgresDatabase().getConnection();
                var sql = connection.createStatement()) {
            sql.execute("create database " + name);
        }
        var database = new PGSimpleDataSource();
        database.setUrl(SERVER.getJdbcUrl("postgres", name));
        database.setUser("postgres");
        return database;
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.start();
        } catch (IOException e) {
            throw new IllegalStateException("The embedded PostgreSQL did not start", e);
        }
    }
}
