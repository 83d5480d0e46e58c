package dev.saccade.ledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.TestLedger;
import dev.saccade.ledger.audit.AuditVerification;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;

/** Two do something to one job at the same moment. Each race is run many times, since either may be first. */
class JobRacesTest {

    private static final TestLedger LEDGER = TestLedger.shared();
    private static final int ROUNDS = 15;

    private final UUID tenant = LEDGER.newTenant();

    @AfterEach
    void theAuditChainHolds() {
        assertThat(LEDGER.verifyAudit(tenant)).isInstanceOf(AuditVerification.Intact.class);
    }

    @RepeatedTest(ROUNDS)
    void twoClaimersOneWins() throws Exception {
        var job = LEDGER.submit(tenant);

        var outcomes = race(
                () -> LEDGER.jobs().claim(job, 1, "worker-1", TestLedger.LEASE),
                () -> LEDGER.jobs().claim(job, 1, "worker-2", TestLedger.LEASE));
        assertThat(outcomes).hasAtLeastOneElementOfType(ClaimOutcome.Claimed.class);
        assertThat(outcomes).contains(new ClaimOutcome.NotClaimable(ClaimOutcome.Reason.HELD));
        assertThat(LEDGER.attempts(job)).containsExactly("running");
    }

    @RepeatedTest(ROUNDS)
    void cancelRacingClaimEndsInOneOfThem() throws Exception {
        var job = LEDGER.submit(tenant);

        var outcomes = race(
                () -> LEDGER.jobs().claim(job, 1, "worker-1", TestLedger.LEASE),
                () -> LEDGER.jobs().cancel(tenant, job, "key:test"));
        if (outcomes.contains(CancelOutcome.CANCELLED)) {
            assertThat(outcomes).contains(new ClaimOutcome.NotClaimable(ClaimOutcome.Reason.CANCELLED));
            assertThat(LEDGER.state(job)).isEqualTo(JobState.CANCELLED);
        } else {
            assertThat(outcomes).contains(CancelOutcome.CANCEL_REQUESTED);
            assertThat(LEDGER.state(job)).isEqualTo(JobState.RUNNING);
        }
    }

    @RepeatedTest(ROUNDS)
    void cancelOfManyRacingClaimsChangesEachJobOnce() throws Exception {
        var jobs = Stream.generate(() -> LEDGER.submit(tenant)).limit(6).toList();

        var outcomes = race(
                () -> LEDGER.jobs().cancelAll(tenant, jobs, "key:test"),
                () -> jobs.reversed().stream()
                        .map(job -> LEDGER.jobs().claim(job, 1, "worker-1", TestLedger.LEASE))
                        .filter(ClaimOutcome.Claimed.class::isInstance)
                        .count());

        long claimed = (long) outcomes.get(1);
        assertThat(outcomes.getFirst()).isInstanceOfSatisfying(CancelCounts.class, counts -> {
            assertThat(counts.cancelled() + claimed).isEqualTo(6);
            assertThat(counts.requested()).isEqualTo(claimed);
        });
    }

    @RepeatedTest(ROUNDS)
    void cancelRacingCompletionEndsOnce() throws Exception {
        var lease = LEDGER.submitAndClaim(tenant);
        LEDGER.jobs().cancel(tenant, lease.jobId(), "key:test");

        var outcomes = race(
                () -> LEDGER.jobs().succeed(lease, TestLedger.outcome("yes")),
                () -> LEDGER.jobs().cancelled(lease));
        assertThat(outcomes).containsExactlyInAnyOrder(true, false);
        assertThat(LEDGER.state(lease.jobId()))
                .isEqualTo(outcomes.getFirst().equals(true) ? JobState.SUCCEEDED : JobState.CANCELLED);
        assertThat(LEDGER.audited(lease.jobId())).hasSize(5).endsWith("result.discarded");
    }

    @RepeatedTest(ROUNDS)
    void sweeperRacingHeartbeatLeavesOneOwner() throws Exception {
        var lease = LEDGER.submitAndClaim(tenant);
        LEDGER.loseLease(lease.jobId());

        race(
                () -> LEDGER.jobs().heartbeat(lease, TestLedger.PROGRESS, TestLedger.LEASE),
                () -> LEDGER.jobs().sweep(100));
        boolean kept =
                LEDGER.jobs().heartbeat(lease, TestLedger.PROGRESS, TestLedger.LEASE) == HeartbeatOutcome.CONTINUE;
        assertThat(LEDGER.state(lease.jobId())).isEqualTo(kept ? JobState.RUNNING : JobState.QUEUED);
        assertThat(LEDGER.jobs().succeed(lease, TestLedger.outcome("yes"))).isEqualTo(kept);
    }

    @RepeatedTest(ROUNDS)
    void sweeperRacingCompletionEndsOnce() throws Exception {
        var lease = LEDGER.submitAndClaim(tenant);
        LEDGER.loseLease(lease.jobId());

        var outcomes = race(
                () -> LEDGER.jobs().succeed(lease, TestLedger.outcome("yes")),
                () -> LEDGER.jobs().sweep(100));
        boolean succeeded = outcomes.getFirst().equals(true);
        assertThat(LEDGER.state(lease.jobId())).isEqualTo(succeeded ? JobState.SUCCEEDED : JobState.QUEUED);
        assertThat(LEDGER.attempts(lease.jobId())).containsExactly(succeeded ? "SUCCEEDED" : "LOST");
    }

    @RepeatedTest(ROUNDS)
    void twoSweepersQueueAJobOnce() throws Exception {
        var lease = LEDGER.submitAndClaim(tenant);
        LEDGER.loseLease(lease.jobId());

        race(() -> LEDGER.jobs().sweep(100), () -> LEDGER.jobs().sweep(100));
        assertThat(LEDGER.audited(lease.jobId())).containsExactly("job.submitted", "job.running", "job.queued");
        assertThat(LEDGER.strings("select attempt from outbox where job_id = ? order by attempt", lease.jobId()))
                .containsExactly("1", "2");
    }

    /** What the two gave, in their order. */
    private static List<Object> race(Callable<?> first, Callable<?> second) throws Exception {
        var start = new CyclicBarrier(2);
        try (var threads = Executors.newFixedThreadPool(2)) {
            List<Future<Object>> both = List.of(
                    threads.submit(() -> afterBarrier(start, first)),
                    threads.submit(() -> afterBarrier(start, second)));
            return List.of(both.get(0).get(), both.get(1).get());
        }
    }

    private static Object afterBarrier(CyclicBarrier start, Callable<?> action) throws Exception {
        start.await();
        return action.call();
    }
}
