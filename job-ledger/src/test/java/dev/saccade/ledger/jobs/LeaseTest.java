package dev.saccade.ledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.TestLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LeaseTest {

    private static final TestLedger LEDGER = TestLedger.shared();

    private final UUID tenant = LEDGER.newTenant();

    @Test
    void staleWorkerCannotCompleteJob() {
        var stale = LEDGER.submitAndClaim(tenant);
        LEDGER.loseLease(stale.jobId());
        LEDGER.jobs().sweep(1_000);
        var second = LEDGER.claim(stale.jobId(), 2, "worker-2");

        assertThat(LEDGER.jobs().succeed(stale, TestLedger.outcome("stale"))).isFalse();
        assertThat(LEDGER.jobs().fail(stale, TestLedger.STORE_DOWN)).isFalse();
        assertThat(LEDGER.jobs().cancelled(stale)).isFalse();
        assertThat(LEDGER.jobs().expired(stale)).isFalse();
        assertThat(LEDGER.jobs().requeue(stale, TestLedger.STORE_DOWN)).isEqualTo(RequeueOutcome.LEASE_LOST);
        assertThat(LEDGER.jobs().release(stale)).isEqualTo(RequeueOutcome.LEASE_LOST);
        assertThat(LEDGER.jobs().heartbeat(stale, TestLedger.PROGRESS, TestLedger.LEASE))
                .isEqualTo(HeartbeatOutcome.LEASE_LOST);

        assertThat(LEDGER.jobs().succeed(second, TestLedger.outcome("fresh"))).isTrue();
        var result = LEDGER.jobs().find(tenant, stale.jobId()).orElseThrow().result();
        assertThat(Objects.requireNonNull(result).answer()).isEqualTo("fresh");
        assertThat(LEDGER.audited(stale.jobId()))
                .filteredOn("result.discarded"::equals)
                .hasSize(6);
        assertThat(LEDGER.attempts(stale.jobId())).containsExactly("LOST", "SUCCEEDED");
    }

    @Test
    void attemptNumberAndTokenMustBothMatch() {
        var lease = LEDGER.submitAndClaim(tenant);
        var otherToken = new Lease(lease.jobId(), tenant, 1, UUID.randomUUID(), "worker-1");
        var otherAttempt = new Lease(lease.jobId(), tenant, 2, lease.token(), "worker-1");

        assertThat(LEDGER.jobs().succeed(otherToken, TestLedger.outcome("no"))).isFalse();
        assertThat(LEDGER.jobs().succeed(otherAttempt, TestLedger.outcome("no")))
                .isFalse();
        assertThat(LEDGER.state(lease.jobId())).isEqualTo(JobState.RUNNING);
    }

    @Test
    void completionWhoseAnswerWasLostMayBeRepeated() {
        var lease = LEDGER.submitAndClaim(tenant);

        assertThat(LEDGER.jobs().succeed(lease, TestLedger.outcome("once"))).isTrue();
        assertThat(LEDGER.jobs().succeed(lease, TestLedger.outcome("twice"))).isTrue();
        assertThat(LEDGER.jobs().fail(lease, TestLedger.STORE_DOWN)).isFalse();
        var result = LEDGER.jobs().find(tenant, lease.jobId()).orElseThrow().result();
        assertThat(Objects.requireNonNull(result).answer()).isEqualTo("once");
        assertThat(LEDGER.audited(lease.jobId()))
                .containsExactly("job.submitted", "job.running", "job.succeeded", "result.discarded");
    }

    @Test
    void requeueWhoseAnswerWasLostMayBeRepeated() {
        var lease = LEDGER.submitAndClaim(tenant);

        assertThat(LEDGER.jobs().requeue(lease, TestLedger.STORE_DOWN)).isEqualTo(RequeueOutcome.REQUEUED);
        assertThat(LEDGER.jobs().requeue(lease, TestLedger.STORE_DOWN)).isEqualTo(RequeueOutcome.REQUEUED);
        assertThat(LEDGER.jobs().find(tenant, lease.jobId()).orElseThrow().attempt())
                .isEqualTo(2);
        assertThat(hints(lease.jobId())).isEqualTo(2);
    }

    @Test
    void hintThatCannotBeFollowedSaysWhy() {
        var lease = LEDGER.submitAndClaim(tenant);

        assertThat(refusal(UUID.randomUUID(), 1)).isEqualTo(ClaimOutcome.Reason.UNKNOWN_JOB);
        assertThat(refusal(lease.jobId(), 1)).isEqualTo(ClaimOutcome.Reason.HELD);
        LEDGER.jobs().requeue(lease, TestLedger.STORE_DOWN);
        assertThat(refusal(lease.jobId(), 1)).isEqualTo(ClaimOutcome.Reason.STALE_ATTEMPT);
        assertThat(refusal(lease.jobId(), 3)).isEqualTo(ClaimOutcome.Reason.STALE_ATTEMPT);
        LEDGER.jobs().succeed(LEDGER.claim(lease.jobId(), 2, "worker-2"), TestLedger.outcome("yes"));
        assertThat(refusal(lease.jobId(), 2)).isEqualTo(ClaimOutcome.Reason.FINISHED);
    }

    @Test
    void leaseThatRanOutIsRenewedWhileNobodyTookTheJob() {
        var lease = LEDGER.submitAndClaim(tenant);
        LEDGER.loseLease(lease.jobId());

        assertThat(LEDGER.jobs().heartbeat(lease, TestLedger.PROGRESS, TestLedger.LEASE))
                .isEqualTo(HeartbeatOutcome.CONTINUE);
        LEDGER.jobs().sweep(1_000);
        assertThat(LEDGER.jobs().succeed(lease, TestLedger.outcome("late"))).isTrue();
    }

    @Test
    void lostJobIsGivenUpAfterTheMaximumOfAttempts() {
        var job = LEDGER.submit(tenant);
        for (int attempt = 1; attempt <= 3; attempt++) {
            LEDGER.claim(job, attempt, "worker-" + attempt);
            LEDGER.loseLease(job);
            LEDGER.jobs().sweep(1_000);
        }

        var failed = LEDGER.jobs().find(tenant, job).orElseThrow();
        assertThat(failed.state()).isEqualTo(JobState.FAILED);
        assertThat(Objects.requireNonNull(failed.error()).code()).isEqualTo("attempts-exhausted");
        assertThat(failed.error().message()).contains("3 attempts").contains("worker-lost");
        assertThat(LEDGER.attempts(job)).containsExactly("LOST", "LOST", "LOST");
        assertThat(LEDGER.audited(job))
                .containsExactly(
                        "job.submitted",
                        "job.running",
                        "job.queued",
                        "job.running",
                        "job.queued",
                        "job.running",
                        "job.failed");
    }

    @Test
    void retryableErrorsAreGivenUpAfterTheMaximumOfAttempts() {
        var job = LEDGER.submit(tenant);
        assertThat(LEDGER.jobs().requeue(LEDGER.claim(job, 1, "w"), TestLedger.STORE_DOWN))
                .isEqualTo(RequeueOutcome.REQUEUED);
        assertThat(LEDGER.jobs().requeue(LEDGER.claim(job, 2, "w"), TestLedger.STORE_DOWN))
                .isEqualTo(RequeueOutcome.REQUEUED);
        assertThat(LEDGER.jobs().requeue(LEDGER.claim(job, 3, "w"), TestLedger.STORE_DOWN))
                .isEqualTo(RequeueOutcome.EXHAUSTED);
        assertThat(LEDGER.state(job)).isEqualTo(JobState.FAILED);
    }

    @Test
    void drainsCostNoAttempts() {
        var job = LEDGER.submit(tenant);
        for (int attempt = 1; attempt <= 5; attempt++) {
            assertThat(LEDGER.jobs().release(LEDGER.claim(job, attempt, "w"))).isEqualTo(RequeueOutcome.REQUEUED);
        }
        assertThat(LEDGER.jobs().succeed(LEDGER.claim(job, 6, "w"), TestLedger.outcome("yes")))
                .isTrue();
    }

    @Test
    void jobThatWasToBeCancelledIsNotQueuedAgain() {
        var lost = LEDGER.submitAndClaim(tenant);
        var givenBack = LEDGER.submitAndClaim(tenant);
        LEDGER.jobs().cancel(tenant, lost.jobId(), "key:test");
        LEDGER.jobs().cancel(tenant, givenBack.jobId(), "key:test");

        LEDGER.loseLease(lost.jobId());
        LEDGER.jobs().sweep(1_000);
        assertThat(LEDGER.state(lost.jobId())).isEqualTo(JobState.CANCELLED);
        assertThat(LEDGER.jobs().release(givenBack)).isEqualTo(RequeueOutcome.CANCELLED);
        assertThat(LEDGER.state(givenBack.jobId())).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void lostJobWhoseFinishByHasPassedExpires() {
        var lease = LEDGER.submitAndClaim(tenant);
        LEDGER.sql().update("update job set finish_by = now() where id = ?", lease.jobId());
        LEDGER.loseLease(lease.jobId());

        LEDGER.jobs().sweep(1_000);
        assertThat(LEDGER.state(lease.jobId())).isEqualTo(JobState.EXPIRED);
    }

    @Test
    void waitingJobExpiresWhenADeadlinePasses() {
        var plain = TestLedger.newJob(tenant);
        var past = Instant.now().minus(Duration.ofMinutes(1));
        var job = LEDGER.jobs()
                .submit(new NewJob(tenant, plain.actor(), plain.urgency(), plain.request(), null, past, plain.tags()))
                .id();

        LEDGER.jobs().sweep(1_000);
        assertThat(LEDGER.jobs().find(tenant, job).orElseThrow().error()).isEqualTo(AttemptSettlement.FINISH_BY_PASSED);
        assertThat(LEDGER.audited(job)).containsExactly("job.submitted", "job.expired");
    }

    @Test
    void lostHintIsWrittenAgainButNotBesideOneThatWaits() {
        var job = LEDGER.submit(tenant);
        due(job);
        LEDGER.jobs().sweep(1_000);
        assertThat(hints(job)).as("the first still waits to be published").isEqualTo(1);

        LEDGER.sql().update("delete from outbox where job_id = ?", job);
        LEDGER.jobs().sweep(1_000);
        assertThat(hints(job)).as("the first was published, and is lost").isEqualTo(1);

        LEDGER.sql().update("delete from outbox where job_id = ?", job);
        LEDGER.jobs().sweep(1_000);
        assertThat(hints(job)).as("the next not before its time").isZero();
    }

    private static void due(UUID job) {
        LEDGER.sql().update("update job set hint_due_at = now() - interval '1 second' where id = ?", job);
    }

    private static int hints(UUID job) {
        return LEDGER.strings("select attempt from outbox where job_id = ?", job)
                .size();
    }

    private static ClaimOutcome.Reason refusal(UUID job, int attempt) {
        return switch (LEDGER.jobs().claim(job, attempt, "worker-9", TestLedger.LEASE)) {
            case ClaimOutcome.NotClaimable not -> not.reason();
            case ClaimOutcome.Claimed claimed -> throw new AssertionError("Claimed " + claimed.lease());
        };
    }
}
