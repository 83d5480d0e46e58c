package dev.saccade.quickstart.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A tenant's jobs in the database, counted.
 *
 * @param jobs all of them
 * @param succeeded those that have a result to show
 */
record Census(long jobs, long succeeded) {

    private static final String ENDS = "('SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED')";

    static Census of(JdbcTemplate database, UUID tenant) {
        return new Census(
                count(database, tenant, "select count(*) from job where tenant_id = ?"),
                count(database, tenant, "select count(*) from job where tenant_id = ? and state = 'SUCCEEDED'"));
    }

    /** All of them ended once, with one result where they succeeded, in the ledger and in the audit. */
    static void assertEverythingEndedOnce(JdbcTemplate database, UUID tenant) {
        assertNone(database, tenant, "unfinished", """
                select count(*) from job where tenant_id = ? and state not in %s""".formatted(ENDS));
        assertNone(database, tenant, "without exactly one result of their last attempt though succeeded", """
                select count(*) from job j
                left join (select job_id, attempt, count(*) as results from job_result group by job_id, attempt) r
                    on r.job_id = j.id and r.attempt = j.attempt
                where j.tenant_id = ? and j.state = 'SUCCEEDED' and coalesce(r.results, 0) <> 1""");
        assertNone(database, tenant, "with two results", """
                select count(*) from
                    (select job_id from job_result where tenant_id = ? group by job_id having count(*) > 1) doubly""");
        assertNone(database, tenant, "with a result though not succeeded", """
                select count(*) from job_result r join job j on j.id = r.job_id
                where j.tenant_id = ? and j.state <> 'SUCCEEDED'""");
        assertNone(database, tenant, "with an attempt that never ended", """
                select count(distinct job_id) from job_attempt where tenant_id = ? and ended_at is null""");
        assertNone(database, tenant, "with two attempts that ended the job", """
                select count(*) from (select job_id from job_attempt where tenant_id = ? and outcome in %s
                    group by job_id having count(*) > 1) doubly""".formatted(ENDS));
        assertNone(database, tenant, "whose end is not audited once", """
                select count(*) from job j
                left join (select subject_id, count(*) as ends from audit_event
                        where detail::json ->> 'to' in %s group by subject_id) e
                    on e.subject_id = j.id
                where j.tenant_id = ? and coalesce(e.ends, 0) <> 1""".formatted(ENDS));
    }

    private static void assertNone(JdbcTemplate database, UUID tenant, String what, String sql) {
        assertThat(count(database, tenant, sql)).as("jobs %s", what).isZero();
    }

    /** @param sql with one parameter, the tenant */
    static long count(JdbcTemplate database, UUID tenant, String sql) {
        return Objects.requireNonNull(database.queryForObject(sql, Long.class, tenant));
    }
}
