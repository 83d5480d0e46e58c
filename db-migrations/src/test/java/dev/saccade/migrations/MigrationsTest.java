package dev.saccade.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class MigrationsTest {

    private static final String TENANT = "00000000-0000-7000-8000-000000000001";

    @Test
    void emptyDatabaseIsBroughtUpToDateOnce() {
        var database = PostgresServer.named("postgres");

        assertThat(Migrations.apply(database)).isPositive();
        assertThat(Migrations.apply(database)).isZero();
    }

    @Test
    void programAppliesThemAndSucceeds() {
        assertThat(Migrate.run(Map.of(
                        "SPRING_DATASOURCE_URL",
                                PostgresServer.named("template1").getUrl(),
                        "SPRING_DATASOURCE_USERNAME", "postgres",
                        "SPRING_DATASOURCE_PASSWORD", "postgres")))
                .isZero();
    }

    /** As when two releases, or two people, upgrade one database. */
    @Test
    void twoProgramsAtOnceWaitForEachOther() throws Exception {
        var owner = PostgresServer.newDatabase();
        var environment = Map.of(
                "SPRING_DATASOURCE_URL", owner.getUrl(),
                "SPRING_DATASOURCE_USERNAME", "postgres",
                "SPRING_DATASOURCE_PASSWORD", "postgres");

        var other = CompletableFuture.supplyAsync(() -> Migrate.run(environment));
        assertThat(Migrate.run(environment)).isZero();
        assertThat(other.get(2, TimeUnit.MINUTES)).isZero();

        try (var connection = owner.getConnection();
                var sql = connection.createStatement()) {
            var twice =
                    sql.executeQuery("select count(*) filter (where not success), count(*) - count(distinct version)"
                            + " from flyway_schema_history where version is not null");
            assertThat(twice.next()).isTrue();
            assertThat(twice.getLong(1)).isZero();
            assertThat(twice.getLong(2)).isZero();
        }
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
        var owner = PostgresServer.newDatabase();
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
        var owner = PostgresServer.newDatabase();
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
        var owner = PostgresServer.newDatabase();
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

    @Test
    void aServiceOfTheFirstReleaseGoesOnWhileTablesArePartitionedUnderIt() throws Exception {
        var owner = PostgresServer.newDatabase();
        upTo(owner, "50");
        ServiceLogin.ensure(owner, "old_service", "secret");
        var service = new PGSimpleDataSource();
        service.setUrl(owner.getUrl());
        service.setUser("old_service");
        service.setPassword("secret");
        var tenant = UUID.fromString(TENANT);
        PostgresServer.run(owner, "insert into tenant (id, name) values ('" + TENANT + "', 'a')");

        List<UUID> jobs;
        try (var first = new OldInstance(service, tenant).start();
                var second = new OldInstance(service, tenant).start()) {
            Migrations.apply(owner);
            jobs = new ArrayList<>(first.stop());
            jobs.addAll(second.stop());
        }

        assertThat(jobs).hasSizeGreaterThan(6).doesNotHaveDuplicates();
        for (var table : List.of("job", "job_result", "job_attempt")) {
            assertThat(count(owner, table)).as(table).isEqualTo(jobs.size());
        }
        assertThat(count(owner, "job_event")).isEqualTo(3L * jobs.size());
        assertThat(count(owner, "audit_event")).isEqualTo(3L * jobs.size());
        assertThat(count(owner, "table_partition where parent = 'job' and name like 'job\\_p2%'"))
                .isGreaterThanOrEqualTo(2);
        var _ = new OldInstance(service, tenant).start().stop();
    }

    @Test
    void aMigrationThatWaitsForALockGivesWayAndComesBack() throws Exception {
        var owner = PostgresServer.newDatabase();
        upTo(owner, "50");
        try (var reader = owner.getConnection()) {
            reader.setAutoCommit(false);
            reader.createStatement().executeQuery("select from job");
            var migrated = CompletableFuture.supplyAsync(() -> Migrations.apply(owner));
            await().until(() -> count(owner, "pg_locks where mode = 'AccessExclusiveLock' and not granted") > 0);

            PostgresServer.run(
                    owner,
                    "set statement_timeout = '5s'; select from job"); // waits for the migration, which soon gives up
            assertThat(migrated).isNotDone();
            reader.commit();

            assertThat(migrated.get(60, TimeUnit.SECONDS)).isPositive();
        }
    }

    @Test
    void whatHasIdsOfAWrongClockIsKeptWhenTablesArePartitioned() throws SQLException {
        var owner = PostgresServer.newDatabase();
        upTo(owner, "50");
        PostgresServer.run(owner, "insert into tenant (id, name) values ('" + TENANT + "', 'a')");
        var insert = "insert into audit_event (id, tenant_id, actor, action, subject_type, subject_id, detail)"
                + " values (gen_random_uuid(), '" + TENANT + "', 'a', 'b', 'c', '" + TENANT + "', '{}')";
        PostgresServer.run(owner, insert);

        Migrations.apply(owner);
        PostgresServer.run(owner, insert);

        assertThat(count(owner, "audit_event")).isEqualTo(2);
    }

    @Test
    void tenantsAreNeverDeleted() throws SQLException {
        var owner = PostgresServer.newDatabase();
        Migrations.apply(owner);
        PostgresServer.run(owner, "insert into tenant (id, name) values ('" + TENANT + "', 'a')");

        assertThatThrownBy(() -> PostgresServer.run(owner, "delete from tenant"))
                .hasMessageContaining("never deleted");
    }

    private static void upTo(PGSimpleDataSource owner, String version) {
        Flyway.configure().dataSource(owner).target(version).load().migrate();
    }

    private static long count(PGSimpleDataSource database, String from) throws SQLException {
        try (var connection = database.getConnection();
                var rows = connection.createStatement().executeQuery("select count(*) from " + from)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
