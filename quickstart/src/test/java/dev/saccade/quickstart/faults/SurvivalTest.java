package dev.saccade.quickstart.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.ledger.messages.JobHint;
import dev.saccade.ledger.messages.JobQueues;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.client.ApiException;
import dev.saccade.quickstart.endtoend.Fixtures;
import dev.saccade.quickstart.endtoend.JavaChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.JdbcTemplate;

/** Each fault that must cost no job: one test a fault, on real parts, with the jobs counted before and after it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class SurvivalTest {

    private static final String QUICK = "Is it safe to turn right?";
    private static final int SLOTS = 4;
    /** At least; a minute with {@code ./saccade test --faults}. */
    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("saccade.faults.outage", 3));

    private FaultBed bed;
    private JdbcTemplate database;
    private JavaChild api;
    private JavaChild worker;
    private Trial trial;

    @BeforeAll
    void startEverything() throws Exception {
        bed = FaultBed.start();
        database = bed.database();
        api = bed.api(Map.of());
        worker = bed.worker(Map.of());
    }

    @BeforeEach
    void countBefore(TestInfo test) throws IOException {
        if (!api.isAlive()) {
            api = bed.api(Map.of());
        }
        if (!worker.isAlive()) {
            worker = bed.worker(Map.of());
        }
        trial = new Trial(bed, test.getDisplayName(), api);
    }

    /** What a failed test leaves would fail the next one too. */
    @AfterEach
    void calm() throws Exception {
        bed.calm(List.of(api, worker));
        if (trial != null) {
            trial.cancelUnfinished();
        }
    }

    @AfterAll
    void stopEverything() throws Exception {
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void workerKilledInMidBatch() throws Exception {
        Path release = bed.newRelease();
        trial.submit(12, RecordedEngine.heldUntil(release));
        trial.awaitRunning(SLOTS);

        worker.kill();
        assertThat(trial.jobs("state = 'RUNNING'")).isEqualTo(SLOTS);
        Files.createFile(release);
        worker = bed.worker(Map.of());

        trial.awaitAllEnded();
        trial.assertEnded(12, 12);
        assertThat(trial.attempts("LOST")).isGreaterThanOrEqualTo(SLOTS);
    }

    @Test
    void apiKilledBetweenCommitAndPublish() throws Exception {
        bed.brokerOfApi.shut();
        trial.submit(5, QUICK);
        assertThat(trial.unpublished()).isEqualTo(5);

        api.kill();
        bed.brokerOfApi.open();
        restartApi();

        trial.awaitAllEnded();
        trial.assertEnded(5, 5);
        assertThat(trial.unpublished()).isZero();
    }

    @Test
    void brokerKilledBetweenPublishAndConfirm() throws Exception {
        bed.brokerOfApi.holdAnswers();
        trial.submit(5, QUICK);
        FaultBed.await("a job to run though its hint is not confirmed")
                .until(() -> trial.census().succeeded() > 0);
        assertThat(trial.unpublished()).isPositive();

        bed.rabbit().killAndRestart();
        bed.brokerOfApi.open();

        trial.awaitAllEnded();
        FaultBed.await("every hint to be confirmed").until(() -> trial.unpublished() == 0);
        trial.assertEnded(5, 5);
        assertThat(worker.printed()).doesNotContain("could not be handled");
    }

    @Test
    void brokerGoneForLongerThanReconnectingTakes() throws Exception {
        long back = System.nanoTime() + OUTAGE.toNanos();
        bed.brokerOfApi.shut();
        bed.brokerOfWorker.shut();
        trial.submit(5, QUICK);
        FaultBed.await("several attempts to reconnect")
                .until(() ->
                        bed.brokerOfApi.refused() > 3 && bed.brokerOfWorker.refused() > 3 && System.nanoTime() > back);
        assertThat(trial.census().succeeded()).isZero();

        bed.brokerOfApi.open();
        bed.brokerOfWorker.open();

        trial.awaitAllEnded();
        trial.assertEnded(5, 5);
    }

    @Test
    void duplicateDelivery() throws Exception {
        Path release = bed.newRelease();
        for (UUID job : trial.submit(2, RecordedEngine.heldUntil(release))) {
            for (int i = 0; i < 5; i++) {
                bed.send(Urgency.STANDARD.routingKey(), new JobHint(job, 1).toJson());
            }
        }
        trial.awaitRunning(2);
        Files.createFile(release);

        trial.awaitAllEnded();
        trial.submit(1, QUICK); // behind the duplicates
        trial.awaitAllEnded();
        trial.assertEnded(3, 3);
    }

    @Test
    void staleWorkerThatCompletesLate() throws Exception {
        Path release = bed.newRelease();
        UUID job = trial.submit(1, RecordedEngine.heldUntil(release)).getFirst();
        trial.awaitRunning(1);
        JavaChild stale = worker;
        stale.freeze();
        bed.brokerOfWorker.shut(); // else the broker would go on handing it hints until it misses its heartbeats
        bed.brokerOfWorker.open();
        worker = bed.worker(Map.of("SACCADE_WORKER_ID", "second"));
        FaultBed.await("the lease to run out").until(() -> trial.attempt(job) == 2);

        Files.createFile(release);
        trial.awaitAllEnded();
        stale.thaw();

        assertThat(stale.terminate()).isIn(0, 143);
        trial.assertEnded(1, 1);
        assertThat(database.queryForObject(
                        "select worker_id from job_attempt where job_id = ? and outcome = 'SUCCEEDED'",
                        String.class,
                        job))
                .isEqualTo("second");
    }

    @Test
    void databaseDownAtCompletion() throws Exception {
        Path release = bed.newRelease();
        trial.submit(2, RecordedEngine.heldUntil(release));
        trial.awaitRunning(2);

        bed.databaseOfWorker.shut();
        Files.createFile(release);
        FaultBed.await("the worker to miss its database").until(() -> bed.databaseOfWorker.refused() > 3);
        bed.databaseOfWorker.open();

        trial.awaitAllEnded();
        trial.assertEnded(2, 2);
    }

    @Test
    void storeDownAtFetch() throws Exception {
        String video = trial.upload(Fixtures.clip());
        bed.storeOfWorker.shut();
        trial.submit(Map.of("video", video, "question", QUICK));
        FaultBed.await("the worker to miss the store").until(() -> bed.storeOfWorker.refused() > 1);
        assertThat(trial.census().succeeded()).isZero();

        bed.storeOfWorker.open();

        trial.awaitAllEnded();
        trial.assertEnded(1, 1);
    }

    @Test
    void databaseClockThatJumps() throws Exception {
        try (JumpingClock clock = JumpingClock.install(database, bed.serviceUser())) {
            Path release = bed.newRelease();
            List<UUID> jobs = trial.submit(3, RecordedEngine.heldUntil(release));
            trial.awaitRunning(3);

            FaultBed.await("leases to seem lost")
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        clock.jump("1 hour"); // again, where heartbeats came before the sweeper and took the new time
                        return jobs.stream().allMatch(job -> trial.attempt(job) > 1);
                    });
            clock.jumpBack();
            trial.submit(3, QUICK);
            Files.createFile(release);

            trial.awaitAllEnded();
            trial.assertEnded(6, 6);
        }
    }

    @Test
    void workerStoppedWithAFullBatchGivesItBack() throws Exception {
        Path release = bed.newRelease();
        trial.submit(8, RecordedEngine.heldUntil(release));
        trial.awaitRunning(SLOTS);

        assertThat(worker.terminate()).isIn(0, 143);

        assertThat(trial.jobs("state = 'RUNNING'")).isZero();
        assertThat(trial.jobs("state = 'QUEUED' and failed_attempts = 0")).isEqualTo(8);
        assertThat(trial.attempts("RELEASED")).isGreaterThanOrEqualTo(SLOTS);
        Files.createFile(release);
        worker = bed.worker(Map.of());
        trial.awaitAllEnded();
        trial.assertEnded(8, 8);
    }

    @Test
    void cancelRacingCompletion() throws Exception {
        List<UUID> jobs = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            UUID job = trial.submit(1, QUICK).getFirst();
            jobs.add(job);
            trial.cancel(jobs.get(i / 2));
        }

        trial.awaitAllEnded();
        trial.assertEnded(30, 30 - trial.jobs("state = 'CANCELLED'"));
    }

    @Test
    void sweepersRacingHeartbeats() throws Exception {
        Path release = bed.newRelease();
        List<UUID> jobs = trial.submit(SLOTS, RecordedEngine.heldUntil(release));
        trial.awaitRunning(SLOTS);
        AtomicBoolean racing = new AtomicBoolean(true);
        Thread rival = Thread.ofPlatform().daemon().start(() -> {
            while (racing.get()) {
                bed.ledger().sweep(100);
            }
        });

        try {
            for (int round = 0; round < 10; round++) {
                for (UUID job : jobs) {
                    database.update(
                            "update job set lease_until = now() - interval '1 second'"
                                    + " where id = ? and state = 'RUNNING'",
                            job);
                }
                // no condition: either may be first
                FaultBed.await("a heartbeat or a sweeper")
                        .until(() -> trial.jobs("state = 'RUNNING' and lease_until < now()") == 0);
            }
            Files.createFile(release);
            trial.awaitAllEnded();
        } finally {
            racing.set(false);
            assertThat(rival.join(Duration.ofSeconds(30))).isTrue();
        }

        trial.assertEnded(SLOTS, SLOTS);
    }

    @Test
    void poisonJobThatKillsItsWorker() throws Exception {
        UUID poison = trial.submitToLedger(RecordedEngine.POISON);
        List<UUID> innocent = trial.submit(3, QUICK);

        FaultBed.await("the poison job to be given up").until(() -> {
            if (!worker.isAlive()) {
                worker = bed.worker(Map.of());
            }
            return trial.state(poison) == JobState.FAILED;
        });

        trial.awaitAllEnded();
        assertThat(innocent).allMatch(job -> trial.state(job) == JobState.SUCCEEDED);
        assertThat(trial.attempt(poison)).isEqualTo(FaultBed.ATTEMPTS);
        trial.assertEnded(4, 3);
    }

    @Test
    void deadLetterTargetThatIsMissing() throws Exception {
        bed.broker().execute(channel -> {
            channel.queueDelete(JobQueues.DEAD);
            return channel.exchangeDelete(JobQueues.DEAD);
        });
        try {
            bed.send(Urgency.STANDARD.routingKey(), "no hint at all");
            bed.send(Urgency.STANDARD.routingKey(), new JobHint(UUID.randomUUID(), 1).toJson());

            trial.submit(3, QUICK);

            trial.awaitAllEnded();
            trial.assertEnded(3, 3);
        } finally {
            bed.declareQueues();
        }
    }

    @Test
    void messageThatNoWorkerCanReadIsKeptAmongTheDeadLetters() {
        Long before = database.queryForObject("select count(*) from dead_letter", Long.class);
        bed.send(Urgency.BATCH.routingKey(), "no hint at all");
        trial.submit(1, QUICK);

        trial.awaitAllEnded();
        FaultBed.await("the message to be kept")
                .until(() -> !Objects.equals(
                        database.queryForObject("select count(*) from dead_letter", Long.class), before));
        assertThat(database.queryForMap("select queue, reason from dead_letter order by id desc limit 1"))
                .containsEntry("queue", JobQueues.queue(Urgency.BATCH))
                .containsEntry("reason", "rejected");
        trial.assertEnded(1, 1);
    }

    @Test
    void diskFullOnTheEmbeddedStore() throws Exception {
        Path clip = ModelOptions.home().resolve("gpu-runtime/demo-clips/driving/clips/driving_000.mp4");
        // no file may grow beyond 64 KiB: a write fails as on a full disk
        List<String> full = List.of("bash", "-c", "ulimit -f 64; exec \"$@\"", "bash");
        try (JavaChild store = JavaChild.startWithin(
                full,
                SmallStore.class.getName(),
                Map.of(),
                Fixtures.emptyFolder("full").toString(),
                bed.storeSecret())) {
            bed.storeOfApi.leadTo(Integer.parseInt(store.awaitPrinted("port (\\d+)")));
            assertThatThrownBy(() -> trial.upload(clip))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            refusal -> assertThat(refusal.status()).isIn(503, 507));
        } finally {
            bed.storeOfApi.leadTo(bed.storePort());
        }
        assertThat(trial.readyVideos()).isZero();

        String video = trial.upload(clip);
        trial.submit(Map.of("video", video, "question", QUICK));
        trial.awaitAllEnded();
        trial.assertEnded(1, 1);
    }

    private void restartApi() throws IOException {
        api = bed.api(Map.of());
        trial.turnTo(api);
    }
}
