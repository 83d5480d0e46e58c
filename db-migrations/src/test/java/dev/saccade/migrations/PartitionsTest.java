package dev.saccade.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The functions of V64, as the services call them. */
class PartitionsTest {

    private static final String TENANT = "00000000-0000-7000-8000-000000000001";

    /** As if the tables had been partitioned twenty days ago, and no service had run since. */
    private static final String AGE = """
            do $$
            declare
                p record;
            begin
                for p in select * from table_partition where to_id is not null loop
                    execute format('alter table %I detach partition %I', p.parent, p.name);
                    if p.name like '%\\_p0' then
                        execute format('alter table %I attach partition %I for values from (minvalue) to (%L)',
                            p.parent, p.name, first_id_at(now() - interval '20 days'));
                    else
                        execute format('drop table %I', p.name);
                    end if;
                end loop;
            end $$
            """;

    private PGSimpleDataSource owner = new PGSimpleDataSource();

    @BeforeEach
    void migrated() throws SQLException {
        owner = PostgresServer.migratedDatabase();
        ServiceLogin.ensure(owner, "keeper", "secret");
        run(AGE);
        run("insert into tenant (id, name) values ('" + TENANT + "', 'a')");
    }

    @Test
    void theServicesMakeThemAheadUntilThereAreEnough() throws SQLException {
        try (var service = service()) {
            var made = callUntilNull(service, "make_next_partition('job')");

            assertThat(made).hasSize(5).doesNotHaveDuplicates();
            assertThat(text(
                            service,
                            "select time_of_id(max(to_id::text)::uuid) >= now() + interval '14 days'"
                                    + " from table_partition where parent = 'job'"))
                    .isEqualTo("t");
        }
        job("now()", "null");
        assertThat(text("select tableoid::regclass from job")).matches("job_p\\d{8}_\\d{4}");
    }

    @Test
    void whatCameWhereNoPartitionWasMovesIntoItsOwn() throws SQLException {
        job("now() - interval '1 day'", "now()");
        assertThat(text("select tableoid::regclass from job")).isEqualTo("job_rest");

        try (var service = service()) {
            assertThat(callUntilNull(service, "make_next_partition('job')"))
                    .anyMatch(name -> name.endsWith("(with 1 rows that came early)"));
        }

        assertThat(text("select tableoid::regclass from job")).startsWith("job_p2");
    }

    @Test
    void aPartitionIsDroppedWhenAllItsJobsHaveBeenOverForLongEnough() throws SQLException {
        job("now() - interval '21 days'", "now() - interval '15 days'");
        job("now() - interval '21 days'", "null");
        try (var service = service()) {
            assertThat(call(service, "drop_oldest_partition('job')"))
                    .as("kept for ever")
                    .isNull();

            keepJobs("30 days");
            assertThat(call(service, "drop_oldest_partition('job')"))
                    .as("too young")
                    .isNull();

            keepJobs("10 days");
            assertThat(call(service, "drop_oldest_partition('job')"))
                    .as("one waits")
                    .isNull();

            run("update job set state = 'CANCELLED', finished_at = now() where state = 'QUEUED'");
            assertThat(call(service, "drop_oldest_partition('job')"))
                    .as("one is over since a moment")
                    .isNull();

            run("update job set finished_at = now() - interval '11 days'");
            for (var table : List.of("job_event", "job_words", "job_result", "job_attempt", "job")) {
                assertThat(call(service, "drop_oldest_partition('" + table + "')"))
                        .isEqualTo(table + "_p0");
                assertThat(call(service, "drop_oldest_partition('" + table + "')"))
                        .isNull();
            }
        }
        assertThat(text("select count(*) from job")).isEqualTo("0");
    }

    @Test
    void auditEventsAreDroppedOnlyWhenSealedAndNoted() throws SQLException {
        run("update partition_rule set keep = '10 days' where family = 'audit'");
        run("insert into audit_event (id, tenant_id, actor, action, subject_type, subject_id, detail) values"
                + " (first_id_at(now() - interval '21 days'), '" + TENANT + "', 'a', 'b', 'c', '" + TENANT
                + "', '{}')");
        try (var service = service()) {
            assertThat(call(service, "drop_oldest_partition('audit_event')"))
                    .as("not sealed")
                    .isNull();

            run("insert into audit_seal select tenant_id, 1, txn + 1, 1, id, id, decode(repeat('00', 48), 'hex'),"
                    + " decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex') from audit_event");
            assertThat(call(service, "drop_oldest_partition('audit_event')")).isEqualTo("audit_event_p0");

            assertThat(text(
                            service,
                            "select time_of_id(from_id) between now() - interval '21 days' and now()"
                                    + " - interval '19 days' from audit_kept"))
                    .isEqualTo("t");
        }
    }

    @Test
    void oneInstanceWorksAtATime() throws SQLException {
        try (var first = service();
                var second = service()) {
            first.setAutoCommit(false);
            assertThat(call(first, "make_next_partition('job')")).isNotNull();
            assertThat(call(second, "make_next_partition('job')")).isNull();
            first.rollback();
            assertThat(call(second, "make_next_partition('job')")).isNotNull();
        }
    }

    @Test
    void servicesCannotChangeTheRulesOrReachAPartition() throws SQLException {
        try (var service = service()) {
            for (var refused : List.of(
                    "update partition_rule set keep = '1 hour'",
                    "delete from job_p0",
                    "select from audit_event_p0",
                    "drop table job_p0",
                    "select become_partitioned('job', 'id', now(), '{}')",
                    "alter table job detach partition job_p0")) {
                assertThatThrownBy(() -> text(service, refused)).as(refused).isInstanceOf(SQLException.class);
            }
            assertThatThrownBy(() -> call(service, "drop_oldest_partition('tenant')"))
                    .hasMessageContaining("not partitioned by a rule");
        }
    }

    @Test
    void migrateSetsHowLongTheyAreKept() throws SQLException {
        var environment = Map.of(
                "SPRING_DATASOURCE_URL", owner.getUrl(),
                "SPRING_DATASOURCE_USERNAME", "postgres",
                "SPRING_DATASOURCE_PASSWORD", "postgres");
        assertThat(Migrate.run(with(environment, Map.of(Retention.JOBS, "90", Retention.AUDIT, "730"))))
                .isZero();
        assertThat(text("select string_agg(keep::text, ', ' order by family desc) from partition_rule"))
                .isEqualTo("90 days, 730 days");

        assertThat(Migrate.run(with(environment, Map.of(Retention.JOBS, "forever"))))
                .isZero();
        assertThat(text("select coalesce(keep::text, 'for ever') from partition_rule where family = 'jobs'"))
                .isEqualTo("for ever");
        assertThat(text("select keep from partition_rule where family = 'audit'"))
                .isEqualTo("730 days");

        for (var wrong : List.of("0", "-1", "90d", "1000000")) {
            assertThat(Migrate.run(with(environment, Map.of(Retention.AUDIT, wrong))))
                    .isEqualTo(2);
        }
    }

    private static Map<String, String> with(Map<String, String> environment, Map<String, String> more) {
        var all = new HashMap<>(environment);
        all.putAll(more);
        return all;
    }

    private void keepJobs(String interval) throws SQLException {
        run("update partition_rule set keep = '" + interval + "' where family = 'jobs'");
    }

    private void job(String submitted, String finished) throws SQLException {
        run("insert into job (id, tenant_id, actor, urgency, state, request, attempt, max_attempts, hint_due_at,"
                + " finished_at) select overlay(gen_random_uuid()::text placing left(first_id_at(" + submitted
                + ")::text, 13) from 1 for 13)::uuid, '" + TENANT + "', 'a', 'STANDARD',"
                + " case when f is null then 'QUEUED' else 'CANCELLED' end, '{}', 1, 3, now(), f from (select ("
                + finished + ")::timestamptz as f) t");
    }

    private Connection service() throws SQLException {
        return DriverManager.getConnection(owner.getUrl(), "keeper", "secret");
    }

    private static List<String> callUntilNull(Connection connection, String function) throws SQLException {
        var names = new ArrayList<String>();
        for (var name = call(connection, function); name != null; name = call(connection, function)) {
            names.add(name);
        }
        return names;
    }

    private static @Nullable String call(Connection connection, String function) throws SQLException {
        return text(connection, "select " + function);
    }

    private void run(String statement) throws SQLException {
        PostgresServer.run(owner, statement);
    }

    private @Nullable String text(String query) throws SQLException {
        try (var connection = owner.getConnection()) {
            return text(connection, query);
        }
    }

    private static @Nullable String text(Connection connection, String query) throws SQLException {
        try (var sql = connection.createStatement()) {
            if (!sql.execute(query)) {
                return "";
            }
            var rows = sql.getResultSet();
            rows.next();
            return rows.getString(1);
        }
    }
}
