package dev.saccade.ledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.TestLedger;
import dev.saccade.ledger.audit.AuditVerification;
import dev.saccade.ledger.messages.JobHint;
import dev.saccade.ledger.outbox.Outbox;
import dev.saccade.ledger.outbox.OutboxRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Workers that die, dawdle, repeat themselves and come back late; a broker that loses, doubles and fails to confirm. Every
 * job still ends exactly once. {@code -Dsaccade.ledger.jobs=10000} makes it as large as one likes.
 */
class ManyJobsTest {

    private static final int JOBS = Integer.getInteger("saccade.ledger.jobs", 500);
    private static final int WORKERS = 4;
    private static final Duration SHORT_LEASE = Duration.ofMillis(200);
    private static final JobHint STOP = new JobHint(new UUID(0, 0), 1);

    private static final TestLedger LEDGER = TestLedger.shared();

    private final List<UUID> tenants =
            Stream.generate(LEDGER::newTenant).limit(3).toList();
    private final BlockingQueue<JobHint> broker = new LinkedBlockingQueue<>();
    private final Random brokerFate = new Random(2);
    /** Which lease each job's accepted end came from; a second one is a failure. */
    private final ConcurrentMap<UUID, Lease> ends = new ConcurrentHashMap<>();

    @Test
    void everyJobEndsExactlyOnceWhateverWorkersAndBrokerDo() throws Exception {
        try (var threads = Executors.newFixedThreadPool(WORKERS + 1)) {
            var running = new ArrayList<Future<?>>();
            running.add(threads.submit(this::submitAll));
            for (int i = 0; i < WORKERS; i++) {
                int number = i;
                running.add(threads.submit(() -> work(number)));
            }
            try {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(5))
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> relayAndSweep(running));
            } finally {
                running.forEach(ignored -> broker.add(STOP));
            }
            for (var thread : running) {
                thread.get();
            }
        }
        nothingIsLostOrDoubled();
        everyTransitionIsAudited();
    }

    private void submitAll() {
        var random = new Random(1);
        for (int i = 0; i < JOBS; i++) {
            var tenant = tenants.get(i % tenants.size());
            var job = LEDGER.submit(tenant);
            if (random.nextInt(20) == 0) {
                LEDGER.jobs().cancel(tenant, job, "key:test");
            }
        }
    }

    private void work(int number) {
        var random = new Random(100 + number);
        var late = new ArrayList<Lease>();
        for (var hint = take(); !hint.equals(STOP); hint = take()) {
            if (LEDGER.jobs().claim(hint.jobId(), hint.attempt(), "worker-" + number, SHORT_LEASE)
                    instanceof ClaimOutcome.Claimed claimed) {
                live(claimed.lease(), random, late);
            }
        }
        late.forEach(this::succeed);
    }

    /** What happens to one attempt. */
    private void live(Lease lease, Random random, List<Lease> late) {
        var jobs = LEDGER.jobs();
        switch (random.nextInt(20)) {
            case 0, 1 -> {} // the worker dies
            case 2 -> late.add(lease); // it hangs, and finishes what is no longer its own
            case 3 -> jobs.requeue(lease, TestLedger.STORE_DOWN);
            case 4 -> jobs.release(lease);
            case 5 -> noteEnd(lease, jobs.fail(lease, TestLedger.STORE_DOWN));
            case 6 -> {
                jobs.cancel(lease.tenantId(), lease.jobId(), "key:test");
                noteEnd(lease, jobs.cancelled(lease));
            }
            case 7 -> {
                jobs.cancel(lease.tenantId(), lease.jobId(), "key:test"); // and the worker dies
            }
            case 8 -> {
                succeed(lease); // the answer is lost, it tries again
                succeed(lease);
            }
            case 9 -> {
                jobs.heartbeat(lease, TestLedger.PROGRESS, SHORT_LEASE);
                succeed(lease);
            }
            default -> succeed(lease);
        }
    }

    private void succeed(Lease lease) {
        noteEnd(lease, LEDGER.jobs().succeed(lease, TestLedger.outcome("by " + lease.token())));
    }

    private void noteEnd(Lease lease, boolean accepted) {
        if (accepted) {
            var other = ends.putIfAbsent(lease.jobId(), lease);
            assertThat(other == null || other.equals(lease))
                    .as("ended by two leases: %s and %s", other, lease)
                    .isTrue();
        }
    }

    private boolean relayAndSweep(List<Future<?>> running) throws Exception {
        for (var thread : running) {
            if (thread.isDone()) {
                thread.get(); // a worker that failed fails the test
            }
        }
        LEDGER.bean(Outbox.class).relay(500, this::publish);
        LEDGER.sql()
                .update("update job set hint_due_at = now() - interval '1 second'"
                        + " where state = 'QUEUED' and hint_due_at > now() and created_at < now() - interval '1 second'"
                        + " and random() < 0.2");
        LEDGER.jobs().sweep(500);
        return running.getFirst().isDone() && count("state not in ('QUEUED', 'RUNNING')") == JOBS;
    }

    /** Loses one hint in ten after its confirm, doubles one in ten, and has no confirm for one in ten. */
    private Collection<UUID> publish(List<OutboxRow> rows) {
        var confirmed = new ArrayList<UUID>();
        for (var row : rows) {
            var hint = JobHint.parse(row.payload()).orElseThrow();
            int fate = brokerFate.nextInt(10);
            if (fate != 0) {
                broker.add(hint);
            }
            if (fate == 1) {
                broker.add(hint);
            }
            if (fate != 2) {
                confirmed.add(row.id());
            }
        }
        return confirmed;
    }

    private void nothingIsLostOrDoubled() {
        assertThat(count("state = 'SUCCEEDED'")).isPositive();
        assertThat(count("state = 'FAILED'")).isPositive();
        assertThat(count("state = 'CANCELLED'")).isPositive();
        assertThat(count("state = 'SUCCEEDED' and (select count(*) from job_result r where r.job_id = job.id"
                        + " and r.attempt = job.attempt) = 1"))
                .isEqualTo(count("state = 'SUCCEEDED'"));
        assertThat(count("state <> 'SUCCEEDED' and exists (select 1 from job_result r where r.job_id = job.id)"))
                .isZero();
        assertThat(count("exists (select 1 from job_attempt a where a.job_id = job.id and a.outcome is null)"))
                .isZero();
        for (var end : ends.values()) {
            var result = LEDGER.strings("select answer from job_result where job_id = ?", end.jobId());
            assertThat(result).isSubsetOf("by " + end.token());
        }
    }

    private void everyTransitionIsAudited() {
        assertThat(tenants)
                .allSatisfy(
                        tenant -> assertThat(LEDGER.verifyAudit(tenant)).isInstanceOf(AuditVerification.Intact.class));
        var jobs = LEDGER.strings("select id from job where tenant_id in (?, ?, ?)", tenants.toArray());
        for (var job : jobs) {
            var id = UUID.fromString(job);
            var moves = LEDGER.strings(
                    "select detail::json->>'to' from audit_event"
                            + " where subject_id = ? and detail::json->>'to' is not null order by at",
                    id);
            assertThat(moves).startsWith("QUEUED").endsWith(LEDGER.state(id).name());
            for (int i = 1; i < moves.size(); i++) {
                JobTransitions.require(JobState.valueOf(moves.get(i - 1)), JobState.valueOf(moves.get(i)));
            }
            assertThat(moves)
                    .filteredOn("RUNNING"::equals)
                    .hasSize(LEDGER.attempts(id).size());
        }
    }

    private int count(String condition) {
        var arguments = tenants.toArray();
        return Integer.parseInt(
                LEDGER.strings("select count(*) from job where tenant_id in (?, ?, ?) and " + condition, arguments)
                        .getFirst());
    }

    private JobHint take() {
        try {
            return broker.take();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
