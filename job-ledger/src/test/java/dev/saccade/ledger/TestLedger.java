package dev.saccade.ledger;

import dev.saccade.ledger.audit.AuditSealer;
import dev.saccade.ledger.audit.AuditVerification;
import dev.saccade.ledger.audit.AuditVerifier;
import dev.saccade.ledger.jobs.ClaimOutcome;
import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.FramesUsed;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.JobProgress;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.Lease;
import dev.saccade.ledger.jobs.NewJob;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Timings;
import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.ledger.jobs.Vision;
import dev.saccade.ledger.tenants.Tenants;
import dev.saccade.migrations.Migrations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The ledger's beans, as a service would import them, on one database for all tests of a JVM, and things to put into it. Tests
 * share no tenant: each takes a new one.
 */
public final class TestLedger implements AutoCloseable {

    public static final Duration LEASE = Duration.ofMinutes(1);
    public static final JobError STORE_DOWN = new JobError("store-unreachable", "The object store did not answer.");
    public static final JobProgress PROGRESS = new JobProgress("generating", 3, 10, 3, "The car");

    private final ConfigurableApplicationContext context;

    private TestLedger(ConfigurableApplicationContext context) {
        this.context = context;
    }

    public static TestLedger shared() {
        return Shared.LEDGER;
    }

    /** On a database of the caller's own, whose schema is brought up to date. */
    static TestLedger on(String database) {
        Migrations.apply(PostgresServer.dataSource(database));
        var context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of(
                        "spring.jpa.hibernate.ddl-auto", "none",
                        "spring.jpa.open-in-view", "false",
                        "spring.main.banner-mode", "off",
                        "spring.datasource.hikari.maximum-pool-size", "20",
                        "saccade.broker.kind", "embedded"))
                .run("--spring.datasource.url=" + database);
        return new TestLedger(context);
    }

    @Override
    public void close() {
        context.close();
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public JobLedger jobs() {
        return bean(JobLedger.class);
    }

    /** SQL past the ledger, for what only a hand in psql would do. */
    public JdbcTemplate sql() {
        return bean(JdbcTemplate.class);
    }

    public TransactionTemplate transaction() {
        return new TransactionTemplate(bean(PlatformTransactionManager.class));
    }

    public UUID newTenant() {
        return bean(Tenants.class).ensure("tenant-" + UUID.randomUUID());
    }

    public UUID submit(UUID tenantId) {
        return jobs().submit(newJob(tenantId)).id();
    }

    public Lease claim(UUID jobId, int attempt, String workerId) {
        return switch (jobs().claim(jobId, attempt, workerId, LEASE)) {
            case ClaimOutcome.Claimed claimed -> claimed.lease();
            case ClaimOutcome.NotClaimable not -> throw new AssertionError("Not claimable: " + not.reason());
        };
    }

    public Lease submitAndClaim(UUID tenantId) {
        return claim(submit(tenantId), 1, "worker-1");
    }

    public void loseLease(UUID jobId) {
        sql().update(
                        "update job set lease_until = now() - interval '1 second' where id = ? and state = 'RUNNING'",
                        jobId);
    }

    public JobState state(UUID jobId) {
        return JobState.valueOf(
                strings("select state from job where id = ?", jobId).getFirst());
    }

    /** What the audit log says about a subject, oldest first. */
    public List<String> audited(UUID subjectId) {
        return strings("select action from audit_event where subject_id = ? order by id", subjectId);
    }

    /** How each attempt of a job ended, by attempt. */
    public List<String> attempts(UUID jobId) {
        return strings("select coalesce(outcome, 'running') from job_attempt where job_id = ? order by attempt", jobId);
    }

    /** The first column of a query's rows, none of which is null. */
    public List<String> strings(String query, Object... arguments) {
        return sql().query(query, (row, number) -> Objects.requireNonNull(row.getString(1)), arguments);
    }

    /** Seals and verifies, until nothing waits: a transaction of the database's own may hold the sealer up. */
    public AuditVerification verifyAudit(UUID tenantId) {
        return Awaitility.await()
                .until(
                        () -> {
                            sealAudit();
                            return bean(AuditVerifier.class).verify(tenantId);
                        },
                        found -> !(found instanceof AuditVerification.Intact intact && intact.pending() > 0));
    }

    /** How many events a tenant's intact chain has. */
    public long auditedEvents(UUID tenantId) {
        return switch (verifyAudit(tenantId)) {
            case AuditVerification.Intact intact -> intact.events();
            case AuditVerification.Broken broken -> throw new AssertionError(broken.reason());
        };
    }

    public void sealAudit() {
        while (bean(AuditSealer.class).seal(10_000) > 0) {
            // more is waiting
        }
    }

    public static NewJob newJob(UUID tenantId) {
        return newJob(tenantId, request(List.of(new ContentPart.Text("Is it safe to turn right?"))));
    }

    public static NewJob newJob(UUID tenantId, JobRequest request) {
        return new NewJob(tenantId, "key:test", Urgency.STANDARD, request, null, null, List.of("night"));
    }

    public static JobRequest request(List<ContentPart> content) {
        return new JobRequest(List.of(new RequestMessage("user", content)), Sampling.DEFAULT, Vision.DEFAULT, false);
    }

    public static JobOutcome outcome(String answer) {
        return new JobOutcome(
                "<think>It is red.</think>" + answer,
                "It is red.",
                answer,
                "stop",
                120,
                17,
                96,
                -42L,
                Sampling.of("""
                        {"temperature": 0.6, "top_p": 0.95, "top_k": 20, "min_p": 0, "repetition_penalty": 1.05, "seed": -42,
                         "n": 1, "max_tokens": 64, "min_tokens": 0, "stop": ["END"], "logit_bias": {"7": -1.5}}
                        """),
                List.of(new FramesUsed("video", List.of(0, 6), List.of(0.0, 0.25), 4.0, 56, 84, 96)),
                new Timings(1, 2.5, 3, 4, 5, 6, 7),
                List.of("Neighbouring frames share a position."),
                "demo",
                "ab".repeat(32),
                "0.1.0");
    }

    /** Opened when the first test asks for it. */
    private static final class Shared {
        static final TestLedger LEDGER = on(PostgresServer.newDatabase());
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(LedgerConfiguration.class)
    static class Application {}
}
