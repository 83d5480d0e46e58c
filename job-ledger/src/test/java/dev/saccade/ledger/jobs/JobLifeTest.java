package dev.saccade.ledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.ledger.TestLedger;
import dev.saccade.ledger.audit.AuditVerification;
import dev.saccade.ledger.videos.MediaRef;
import dev.saccade.ledger.videos.MediaUnavailableException;
import dev.saccade.ledger.videos.VideoFacts;
import dev.saccade.ledger.videos.VideoLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JobLifeTest {

    private static final TestLedger LEDGER = TestLedger.shared();

    private final UUID tenant = LEDGER.newTenant();

    @Test
    void severalAnswersAreKeptWithTheirLogProbabilities() {
        var lease = LEDGER.submitAndClaim(LEDGER.newTenant());
        var one = TestLedger.outcome("yes");
        var logprob = new TokenLogprob(7, "yes", -0.5, 1, List.of(new TokenLogprob.Alternative(8, "no", -1.5)));
        var several = new JobOutcome(
                one.text(),
                one.reasoning(),
                one.answer(),
                one.finishReason(),
                120,
                17,
                96,
                one.seed(),
                one.sampling(),
                one.frames(),
                one.timings(),
                one.warnings(),
                one.modelName(),
                one.modelFingerprint(),
                one.engineVersion(),
                List.of(
                        new Completion(one.text(), one.reasoning(), "yes", "stop", 9, List.of(logprob)),
                        new Completion("no", null, "no", "length", 8, List.of())),
                List.of(logprob));

        assertThat(LEDGER.jobs().succeed(lease, several)).isTrue();

        assertThat(LEDGER.jobs()
                        .find(lease.tenantId(), lease.jobId())
                        .orElseThrow()
                        .result())
                .isEqualTo(several);
    }

    @Test
    void manyJobsAreTakenInAllOrNone() {
        var tenant = LEDGER.newTenant();
        var good = TestLedger.newJob(tenant);
        var bad = TestLedger.newJob(tenant, TestLedger.request(List.of(new ContentPart.Video(UUID.randomUUID()))));

        assertThat(LEDGER.jobs().submitAll(List.of(good, good, good))).hasSize(3);
        assertThatThrownBy(() -> LEDGER.jobs().submitAll(List.of(good, bad)))
                .isInstanceOf(MediaUnavailableException.class);
        assertThat(LEDGER.jobs().list(tenant, JobFilter.ALL, null, 10)).hasSize(3);
    }

    @Test
    void jobThatSucceedsTellsItsWholeLife() {
        var submitted = LEDGER.jobs().submit(TestLedger.newJob(tenant));
        assertThat(submitted.state()).isEqualTo(JobState.QUEUED);
        assertThat(LEDGER.jobs().find(tenant, submitted.id())).contains(submitted);

        var lease = LEDGER.claim(submitted.id(), 1, "worker-1");
        assertThat(LEDGER.jobs().heartbeat(lease, TestLedger.PROGRESS, TestLedger.LEASE))
                .isEqualTo(HeartbeatOutcome.CONTINUE);
        var running = LEDGER.jobs().find(tenant, submitted.id()).orElseThrow();
        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        assertThat(running.progress()).isEqualTo(TestLedger.PROGRESS);

        var outcome = TestLedger.outcome("No.");
        assertThat(LEDGER.jobs().succeed(lease, outcome)).isTrue();
        var done = LEDGER.jobs().find(tenant, submitted.id()).orElseThrow();
        assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(done.result()).isEqualTo(outcome);
        assertThat(done.request()).isEqualTo(TestLedger.newJob(tenant).request());
        assertThat(done.tags()).containsExactly("night");
        assertThat(done.createdAt()).isEqualTo(submitted.createdAt()).isBeforeOrEqualTo(done.startedAt());
        assertThat(done.finishedAt()).isAfterOrEqualTo(done.startedAt());

        assertThat(LEDGER.audited(submitted.id())).containsExactly("job.submitted", "job.running", "job.succeeded");
        assertThat(LEDGER.attempts(submitted.id())).containsExactly("SUCCEEDED");
        assertThat(LEDGER.auditedEvents(tenant)).isEqualTo(4);
    }

    @Test
    void anotherTenantSeesNothing() {
        var lease = LEDGER.submitAndClaim(tenant);
        var stranger = LEDGER.newTenant();

        assertThat(LEDGER.jobs().find(stranger, lease.jobId())).isEmpty();
        assertThat(LEDGER.jobs().list(stranger, JobFilter.ALL, null, 100)).isEmpty();
        assertThat(LEDGER.jobs().cancel(stranger, lease.jobId(), "key:stranger"))
                .isEqualTo(CancelOutcome.NOT_FOUND);
        assertThat(LEDGER.audited(lease.jobId())).containsExactly("job.submitted", "job.running");
    }

    @Test
    void leaseThatNamesAnotherTenantEndsNothing() {
        var lease = LEDGER.submitAndClaim(tenant);
        var forged = new Lease(lease.jobId(), LEDGER.newTenant(), lease.attempt(), lease.token(), lease.workerId());

        assertThat(LEDGER.jobs().succeed(forged, TestLedger.outcome("No."))).isFalse();
        assertThat(LEDGER.jobs().requeue(forged, TestLedger.STORE_DOWN)).isEqualTo(RequeueOutcome.LEASE_LOST);
        assertThat(LEDGER.state(lease.jobId())).isEqualTo(JobState.RUNNING);
    }

    @Test
    void listPagesNewestFirstAndFiltersByState() {
        var ids = new ArrayList<UUID>();
        for (int i = 0; i < 7; i++) {
            ids.addFirst(LEDGER.submit(tenant));
        }
        LEDGER.jobs().cancel(tenant, ids.get(2), "key:test");

        var first = idsOf(LEDGER.jobs().list(tenant, JobFilter.ALL, null, 3));
        var second = idsOf(LEDGER.jobs().list(tenant, JobFilter.ALL, first.getLast(), 3));
        var third = idsOf(LEDGER.jobs().list(tenant, JobFilter.ALL, second.getLast(), 3));
        assertThat(first).isEqualTo(ids.subList(0, 3));
        assertThat(second).isEqualTo(ids.subList(3, 6));
        assertThat(third).isEqualTo(ids.subList(6, 7));
        assertThat(idsOf(LEDGER.jobs().list(tenant, new JobFilter(JobState.CANCELLED), null, 3)))
                .containsExactly(ids.get(2));
        assertThat(idsOf(LEDGER.jobs().list(tenant, new JobFilter(JobState.QUEUED), ids.get(1), 2)))
                .containsExactly(ids.get(3), ids.get(4));
    }

    @Test
    void textThatTheDatabaseCannotHoldDoesNotCostTheAnswer() {
        var lease = LEDGER.submitAndClaim(tenant);
        var progress = new JobProgress("generating", 1, 1, 1, "a\0b");
        assertThat(LEDGER.jobs().heartbeat(lease, progress, TestLedger.LEASE)).isEqualTo(HeartbeatOutcome.CONTINUE);

        assertThat(LEDGER.jobs().succeed(lease, TestLedger.outcome("a\0b \ud83d \ud83d\ude97")))
                .isTrue();
        var result = LEDGER.jobs().find(tenant, lease.jobId()).orElseThrow().result();
        assertThat(result).isNotNull().extracting(JobOutcome::answer).isEqualTo("a\ufffdb \ufffd \ud83d\ude97");
    }

    @Test
    void errorOfAnyLengthIsRecorded() {
        var lease = LEDGER.submitAndClaim(tenant);

        assertThat(LEDGER.jobs().fail(lease, new JobError("media-unreadable\0", "x\0".repeat(5_000))))
                .isTrue();
        var job = LEDGER.jobs().find(tenant, lease.jobId()).orElseThrow();
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.error()).isEqualTo(new JobError("media-unreadable\ufffd", "x\ufffd".repeat(2_000)));
    }

    @Test
    void claimNamesTheMediaOnceInPromptOrder() {
        var first = readyVideo(tenant);
        var second = readyVideo(tenant);
        var request = TestLedger.request(List.of(
                new ContentPart.Video(second),
                new ContentPart.Image(first),
                new ContentPart.Video(second),
                new ContentPart.Text("What is it?")));
        var job = LEDGER.jobs().submit(TestLedger.newJob(tenant, request));

        assertThat(LEDGER.jobs().claim(job.id(), 1, "worker-1", TestLedger.LEASE))
                .isInstanceOfSatisfying(ClaimOutcome.Claimed.class, claimed -> {
                    assertThat(claimed.request()).isEqualTo(request);
                    assertThat(claimed.media()).extracting(MediaRef::videoId).containsExactly(second, first);
                    assertThat(claimed.media().getFirst().objectKey())
                            .isEqualTo("tenants/" + tenant + "/videos/" + second);
                });
    }

    @Test
    void jobOnAnotherTenantsVideoIsRefused() {
        var foreign = readyVideo(LEDGER.newTenant());
        var request = TestLedger.request(List.of(new ContentPart.Video(foreign)));

        assertThatThrownBy(() -> LEDGER.jobs().submit(TestLedger.newJob(tenant, request)))
                .isInstanceOfSatisfying(
                        MediaUnavailableException.class,
                        e -> assertThat(e.videoId()).isEqualTo(foreign));
        assertThat(LEDGER.jobs().list(tenant, JobFilter.ALL, null, 10)).isEmpty();
    }

    @Test
    void jobOnAnUploadThatIsNotReadyIsRefused() {
        var uploading = LEDGER.bean(VideoLedger.class)
                .begin(tenant, "key:test", "a.mp4")
                .id();
        var request = TestLedger.request(List.of(new ContentPart.Video(uploading)));

        assertThatThrownBy(() -> LEDGER.jobs().submit(TestLedger.newJob(tenant, request)))
                .isInstanceOf(MediaUnavailableException.class);
    }

    @Test
    void whatTheCallerRollsBackNeverHappened() {
        var id = Objects.requireNonNull(LEDGER.transaction().execute(status -> {
            var job = LEDGER.submit(tenant);
            status.setRollbackOnly();
            return job;
        }));

        assertThat(LEDGER.jobs().find(tenant, id)).isEmpty();
        assertThat(LEDGER.audited(id)).isEmpty();
        assertThat(LEDGER.sql().queryForList("select 1 from outbox where job_id = ?", id))
                .isEmpty();
        assertThat(LEDGER.auditedEvents(tenant)).isEqualTo(1);
    }

    @Test
    void waitingJobIsCancelledAtOnce() {
        var job = LEDGER.submit(tenant);

        assertThat(LEDGER.jobs().cancel(tenant, job, "key:test")).isEqualTo(CancelOutcome.CANCELLED);
        assertThat(LEDGER.jobs().cancel(tenant, job, "key:test")).isEqualTo(CancelOutcome.ALREADY_FINISHED);
        assertThat(LEDGER.jobs().claim(job, 1, "worker-1", TestLedger.LEASE))
                .isEqualTo(new ClaimOutcome.NotClaimable(ClaimOutcome.Reason.CANCELLED));
        assertThat(LEDGER.audited(job)).containsExactly("job.submitted", "job.cancelled");
    }

    @Test
    void manyAreCancelledInOneStatementEachAsItStands() {
        var waiting = List.of(LEDGER.submit(tenant), LEDGER.submit(tenant), LEDGER.submit(tenant));
        var running = LEDGER.submitAndClaim(tenant);
        var ended = LEDGER.submit(tenant);
        LEDGER.jobs().cancel(tenant, ended, "key:test");
        var strangers = LEDGER.submit(LEDGER.newTenant());
        var all = Stream.concat(waiting.stream(), Stream.of(running.jobId(), ended, strangers, ended))
                .toList();

        assertThat(LEDGER.jobs().cancelAll(tenant, all, "key:test")).isEqualTo(new CancelCounts(3, 1));

        assertThat(waiting)
                .allSatisfy(job -> assertThat(LEDGER.audited(job)).containsExactly("job.submitted", "job.cancelled"));
        assertThat(LEDGER.state(strangers)).isEqualTo(JobState.QUEUED);
        assertThat(LEDGER.jobs().heartbeat(running, TestLedger.PROGRESS, TestLedger.LEASE))
                .isEqualTo(HeartbeatOutcome.CANCEL_REQUESTED);
        assertThat(LEDGER.audited(running.jobId()))
                .containsExactly("job.submitted", "job.running", "job.cancel_requested");
        assertThat(LEDGER.jobs().cancelAll(tenant, all, "key:test")).isEqualTo(new CancelCounts(0, 1));
        assertThat(LEDGER.verifyAudit(tenant)).isInstanceOf(AuditVerification.Intact.class);
        var first = LEDGER.jobs().find(tenant, waiting.getFirst()).orElseThrow();
        assertThat(first.finishedAt()).isNotNull();
    }

    @Test
    void runningJobIsCancelledByItsWorker() {
        var lease = LEDGER.submitAndClaim(tenant);

        assertThat(LEDGER.jobs().cancel(tenant, lease.jobId(), "key:test")).isEqualTo(CancelOutcome.CANCEL_REQUESTED);
        assertThat(LEDGER.jobs().cancel(tenant, lease.jobId(), "key:test")).isEqualTo(CancelOutcome.CANCEL_REQUESTED);
        assertThat(LEDGER.jobs().heartbeat(lease, TestLedger.PROGRESS, TestLedger.LEASE))
                .isEqualTo(HeartbeatOutcome.CANCEL_REQUESTED);
        assertThat(LEDGER.jobs().cancelled(lease)).isTrue();
        assertThat(LEDGER.audited(lease.jobId()))
                .containsExactly("job.submitted", "job.running", "job.cancel_requested", "job.cancelled");
        assertThat(LEDGER.attempts(lease.jobId())).containsExactly("CANCELLED");
    }

    @Test
    void jobWhoseStartByHasPassedIsNotBegun() {
        var job = submitToStartBy(Instant.now().minusSeconds(60));

        assertThat(LEDGER.jobs().claim(job, 1, "worker-1", TestLedger.LEASE))
                .isEqualTo(new ClaimOutcome.NotClaimable(ClaimOutcome.Reason.EXPIRED));
        var expired = LEDGER.jobs().find(tenant, job).orElseThrow();
        assertThat(expired.state()).isEqualTo(JobState.EXPIRED);
        assertThat(expired.error()).isEqualTo(AttemptSettlement.START_BY_PASSED);
    }

    @Test
    void jobThatHasBegunIsNoLongerBoundByStartBy() {
        var job = submitToStartBy(Instant.now().plus(Duration.ofHours(1)));
        var lease = LEDGER.claim(job, 1, "worker-1");
        LEDGER.sql().update("update job set start_by = now() - interval '1 second' where id = ?", job);

        assertThat(LEDGER.jobs().requeue(lease, TestLedger.STORE_DOWN)).isEqualTo(RequeueOutcome.REQUEUED);
        assertThat(LEDGER.claim(job, 2, "worker-2").attempt()).isEqualTo(2);
    }

    @Test
    void workerEndsAJobWhoseFinishByHasPassed() {
        var lease = LEDGER.submitAndClaim(tenant);

        assertThat(LEDGER.jobs().expired(lease)).isTrue();
        assertThat(LEDGER.jobs().find(tenant, lease.jobId()).orElseThrow().error())
                .isEqualTo(AttemptSettlement.FINISH_BY_PASSED);
    }

    @Test
    void waitingJobsAreCountedByUrgency() {
        long before = LEDGER.jobs().queued(Urgency.STANDARD);
        var first = LEDGER.submit(tenant);
        var second = LEDGER.submit(tenant);

        assertThat(LEDGER.jobs().queued(Urgency.STANDARD)).isEqualTo(before + 2);
        assertThat(LEDGER.jobs().standing(Urgency.STANDARD, second).ahead())
                .isEqualTo(LEDGER.jobs().standing(Urgency.STANDARD, first).ahead() + 1);
        assertThat(LEDGER.jobs().standing(Urgency.STANDARD, second).exact()).isTrue();
        assertThat(LEDGER.jobs().queued(Urgency.BATCH)).isZero();
    }

    private UUID submitToStartBy(Instant startBy) {
        var plain = TestLedger.newJob(tenant);
        return LEDGER.jobs()
                .submit(new NewJob(
                        tenant, plain.actor(), plain.urgency(), plain.request(), startBy, null, plain.tags()))
                .id();
    }

    private static UUID readyVideo(UUID tenantId) {
        var videos = LEDGER.bean(VideoLedger.class);
        var id = videos.begin(tenantId, "key:test", "a.mp4").id();
        var facts = new VideoFacts("VIDEO", "ab".repeat(32), 1_000, "video/mp4", "mp4", "h264", 640, 360, 2.5, 24, 60);
        return videos.ready(tenantId, id, facts).orElseThrow().id();
    }

    private static List<UUID> idsOf(List<JobView> jobs) {
        return jobs.stream().map(JobView::id).toList();
    }
}
