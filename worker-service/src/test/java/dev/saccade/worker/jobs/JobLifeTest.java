package dev.saccade.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.ledger.jobs.CancelOutcome;
import dev.saccade.ledger.jobs.FramesUsed;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.JobProgress;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.ledger.messages.JobHint;
import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.GenerationListener.Phase;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.Part;
import dev.saccade.worker.jobs.TestWorker.Options;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobLifeTest {

    private static final byte[] CLIP = "a clip".getBytes(StandardCharsets.UTF_8);

    private final LedgerWorld world = LedgerWorld.shared();
    private final HandHeldEngine engine = new HandHeldEngine();

    @AfterEach
    void leaveNothingForTheNextTest() {
        world.cancelUnfinished();
    }

    @Test
    void recordsEverythingThatTheEngineGave() {
        var request = world.question(world.upload(CLIP));
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);
            var held = engine.held(request);
            assertThat(held.request().messages().getFirst().parts().getFirst())
                    .isInstanceOfSatisfying(
                            Part.Video.class, video -> assertThat(video.file()).hasBinaryContent(CLIP));

            held.answer("yes");

            var result = world.awaitResult(job.id());
            assertThat(result.text()).isEqualTo("<think>because</think><answer>yes</answer>");
            assertThat(result.reasoning()).isEqualTo("because");
            assertThat(result.answer()).isEqualTo("yes");
            assertThat(result.finishReason()).isEqualTo("stop");
            assertThat(List.of(result.promptTokens(), result.completionTokens(), result.visualTokens()))
                    .containsExactly(30, 12, 8);
            assertThat(result.seed()).isEqualTo(42);
            assertThat(result.sampling().temperature()).isZero();
            assertThat(result.frames())
                    .containsExactly(new FramesUsed("video", List.of(0, 2), List.of(0.0, 0.5), 4.0, 56, 84, 8));
            assertThat(result.timings().decodeMillis()).isEqualTo(5);
            assertThat(result.warnings()).containsExactly("a warning");
            assertThat(List.of(result.modelName(), result.modelFingerprint(), result.engineVersion()))
                    .containsExactly("hand-held", HandHeldEngine.FINGERPRINT, "test");
        }
    }

    @Test
    void heartbeatShowsPhaseTokensAndTextSoFar() {
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);
            var held = engine.held(request);
            held.listener().onProgress(Phase.DECODE, 3, 100);
            held.listener().onText(0, "Turning ");
            held.listener().onText(0, "right");

            await().untilAsserted(() -> {
                assertThat(world.job(job.id()).progress())
                        .isEqualTo(new JobProgress("generating", 3, 100, 3, "Turning right"));
            });
            held.answer("done");
            world.awaitState(job.id(), JobState.SUCCEEDED);
        }
    }

    @Test
    void severalJobsAreInFlightAtOnceAndNoMoreThanThereAreSlots() {
        var requests = List.of(world.question(null), world.question(null), world.question(null));
        try (var worker = TestWorker.start(engine, Options.USUAL.withSlots(2))) {
            var jobs = requests.stream().map(world::submit).toList();
            engine.held(requests.get(0));
            engine.held(requests.get(1));
            assertThat(worker.running()).isEqualTo(2);
            assertThat(engine.has(requests.get(2))).isFalse();

            requests.forEach(request -> engine.held(request).answer("yes"));

            jobs.forEach(job -> world.awaitState(job.id(), JobState.SUCCEEDED));
        }
    }

    @Test
    void urgentJobOvertakesOnesThatWaitForASlot() {
        var first = world.question(null);
        var batch = world.question(null);
        var urgent = world.question(null);
        try (var worker = TestWorker.start(engine, Options.USUAL.withSlots(1))) {
            world.submit(first);
            engine.held(first);
            world.submit(batch, Urgency.BATCH, null);
            world.submit(urgent, Urgency.INTERACTIVE, null);
            await().until(() -> worker.consumer().waiting() == 2);

            engine.held(first).answer("yes");

            var held = engine.held(urgent);
            assertThat(engine.has(batch)).isFalse();
            held.answer("yes");
            engine.held(batch).answer("yes");
        }
    }

    @Test
    void secondMessageForAJobIsDropped() {
        var request = world.question(null);
        var marker = world.question(null);
        try (var worker = TestWorker.start(engine, Options.USUAL.withSlots(2))) {
            var job = world.submit(request);
            var held = engine.held(request);
            world.send(new JobHint(job.id(), 1));
            world.submit(marker);
            engine.held(marker).answer("the message before this one is dealt with");
            assertThat(engine.held(request)).isSameAs(held);

            held.answer("once");
            world.awaitState(job.id(), JobState.SUCCEEDED);
            world.send(new JobHint(job.id(), 1));
            var last = world.question(null);
            var lastJob = world.submit(last);
            engine.held(last).answer("yes");
            world.awaitState(lastJob.id(), JobState.SUCCEEDED);

            assertThat(engine.held(request)).isSameAs(held);
            assertThat(world.job(job.id()).attempt()).isEqualTo(1);
        }
        assertThat(world.standardQueueIsEmpty()).isTrue();
    }

    @Test
    void messageThatIsNoHintIsTakenOffTheQueueAndHurtsNobody() {
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            world.send("{\"jobId\":\"../etc/passwd\"}");
            world.send("");
            world.send(new JobHint(UUID.randomUUID(), 1));
            var job = world.submit(request);
            engine.held(request).answer("yes");
            world.awaitState(job.id(), JobState.SUCCEEDED);
        }
        assertThat(world.standardQueueIsEmpty()).isTrue();
    }

    @Test
    void cancelStopsTheGeneration() {
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);
            var held = engine.held(request);

            assertThat(world.ledger().cancel(world.tenant(), job.id(), "test"))
                    .isEqualTo(CancelOutcome.CANCEL_REQUESTED);

            assertThat(world.awaitState(job.id(), JobState.CANCELLED).result()).isNull();
            assertThat(held.isCancelled()).isTrue();
        }
    }

    @Test
    void jobExpiresWhenItsTimeToFinishPasses() {
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request, Urgency.STANDARD, Instant.now().plusSeconds(2));
            var held = engine.held(request);

            world.awaitState(job.id(), JobState.EXPIRED);

            assertThat(held.isCancelled()).isTrue();
        }
    }

    @Test
    void permanentErrorFailsTheJobWithItsCodeAndSentence() {
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);
            engine.held(request).fail(new MediaException("media-unreadable", "Upload the clip again."));

            var failed = world.awaitState(job.id(), JobState.FAILED);

            assertThat(failed.error()).isEqualTo(new JobError("media-unreadable", "Upload the clip again."));
            assertThat(failed.attempt()).isEqualTo(1);
        }
    }

    @Test
    void requestThatTheEngineRefusesFailsTheJob() {
        engine.refuse(new InvalidRequestException("prompt-too-long", "Ask a shorter question."));
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);
            assertThat(world.awaitState(job.id(), JobState.FAILED).error())
                    .isEqualTo(new JobError("prompt-too-long", "Ask a shorter question."));
        }
    }

    @Test
    void retryableErrorGivesTheJobAnotherAttempt() {
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);
            var first = engine.held(request);
            first.fail(new DeviceException("device-out-of-memory", "The device is out of memory."));
            await().until(() -> !engine.held(request).equals(first));

            engine.held(request).answer("yes");

            assertThat(world.awaitState(job.id(), JobState.SUCCEEDED).attempt()).isEqualTo(2);
        }
    }

    @Test
    void jobThatFailsTheWorkerAgainAndAgainEnds() {
        engine.refuse(new DeviceException("device-failed", "The device failed."));
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);

            var failed = world.awaitState(job.id(), JobState.FAILED);

            assertThat(failed.error()).extracting(JobError::code).isEqualTo("attempts-exhausted");
            assertThat(failed.attempt()).isEqualTo(failed.maxAttempts());
        }
    }

    @Test
    void errorThatIsNobodysIsRetriedAndTellsClientsNothing() {
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);
            var first = engine.held(request);
            first.fail(new StackOverflowError("at dev.saccade.secret"));
            await().until(() -> !engine.held(request).equals(first));
            engine.held(request).answer("yes");
            assertThat(world.awaitState(job.id(), JobState.SUCCEEDED).attempt()).isEqualTo(2);
        }
    }

    @Test
    void workerWhoseLeaseRanOutCannotRecordItsResult() throws Exception {
        var request = world.question(null);
        var other = new HandHeldEngine();
        var job = world.submit(request);
        try (var stale = TestWorker.unconnected(
                        engine, Options.USUAL.withLease(Duration.ofMillis(300), Duration.ofHours(1)));
                var ledgerThread = Executors.newSingleThreadExecutor()) {
            var followed = ledgerThread.submit(() -> stale.follow(new JobHint(job.id(), 1)));
            var held = engine.held(request);
            sweepUntilAttempt(2, job.id());
            try (var heir = TestWorker.start(other)) {
                other.held(request).answer("the heir's");
                world.awaitState(job.id(), JobState.SUCCEEDED);

                held.answer("the stale one's");

                assertThat(followed.get()).as("the old message is done with").isTrue();
                var finished = world.job(job.id());
                assertThat(finished.result()).extracting(JobOutcome::answer).isEqualTo("the heir's");
                assertThat(finished.attempt()).isEqualTo(2);
            }
        }
    }

    @Test
    void workerThatLearnsOfItsLostLeaseStopsTheGeneration() {
        var request = world.question(null);
        var slowBeats = Options.USUAL.withLease(Duration.ofMillis(200), Duration.ofSeconds(2));
        try (var worker = TestWorker.start(engine, slowBeats)) {
            var job = world.submit(request);
            var first = engine.held(request);
            sweepUntilAttempt(2, job.id());

            await().atMost(Duration.ofSeconds(20)).until(first::isCancelled);

            engine.held(request).answer("yes");
            world.awaitState(job.id(), JobState.SUCCEEDED);
        }
    }

    @Test
    void answerWithCharactersThatNoDatabaseTakesIsStored() {
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);
            engine.held(request).answer("a\u0000b\uD800c");

            var result = world.awaitResult(job.id());

            assertThat(result.answer()).isEqualTo("a\uFFFDb\uFFFDc");
        }
    }

    private void sweepUntilAttempt(int attempt, UUID job) {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            world.ledger().sweep(100);
            return world.job(job).attempt() == attempt;
        });
    }
}
