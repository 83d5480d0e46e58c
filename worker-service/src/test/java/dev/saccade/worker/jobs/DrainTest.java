package dev.saccade.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.runtime.DeviceException;
import dev.saccade.worker.jobs.TestWorker.Options;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainTest {

    private final LedgerWorld world = LedgerWorld.shared();
    private final HandHeldEngine engine = new HandHeldEngine();
    private final HandHeldEngine successor = new HandHeldEngine();

    @AfterEach
    void leaveNothingForTheNextTest() {
        world.cancelUnfinished();
    }

    @Test
    void runningJobMayFinish() throws InterruptedException {
        var request = world.question(null);
        var worker = TestWorker.start(engine, Options.USUAL.withDrainTimeout(Duration.ofMinutes(1)));
        var job = world.submit(request);
        var held = engine.held(request);

        var drain = Thread.ofPlatform().start(worker::close);
        await().until(() -> !worker.consumer().isRunning());
        assertThat(held.isCancelled()).isFalse();
        held.answer("yes");
        drain.join(Duration.ofSeconds(20));

        assertThat(drain.isAlive()).isFalse();
        assertThat(world.job(job.id()).state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(world.job(job.id()).attempt()).isEqualTo(1);
    }

    @Test
    void restGoesToAnotherWorkerAndEndsOnce() {
        var running = world.question(null);
        var waiting = world.question(null);
        var worker = TestWorker.start(engine, Options.USUAL.withSlots(1));
        var runningJob = world.submit(running);
        var held = engine.held(running);
        var waitingJob = world.submit(waiting, Urgency.BATCH, null);
        await().until(() -> worker.consumer().waiting() == 1);

        worker.close();

        assertThat(held.isCancelled()).isTrue();
        assertThat(world.job(runningJob.id()).state()).isEqualTo(JobState.QUEUED);
        assertThat(world.job(runningJob.id()).attempt()).isEqualTo(2);
        assertThat(world.job(waitingJob.id()).attempt()).isEqualTo(1);
        try (var next = TestWorker.start(successor)) {
            successor.held(running).answer("yes");
            successor.held(waiting).answer("yes");
            world.awaitState(runningJob.id(), JobState.SUCCEEDED);
            world.awaitState(waitingJob.id(), JobState.SUCCEEDED);
        }
        assertThat(engine.has(waiting)).isFalse();
        assertThat(world.standardQueueIsEmpty()).isTrue();
    }

    @Test
    void workerWhoseEngineHasFailedGivesItsJobsToOthers() {
        var one = world.question(null);
        var other = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var oneJob = world.submit(one);
            var otherJob = world.submit(other);
            var held = List.of(engine.held(one), engine.held(other));

            held.forEach(generation -> generation.fail(
                    new DeviceException(DeviceException.ENGINE_FAILED, "The engine failed; start it again.")));
            await().until(worker::failed);

            assertThat(worker.consumer().isRunning()).isFalse();
            try (var next = TestWorker.start(successor)) {
                successor.held(one).answer("yes");
                successor.held(other).answer("yes");
                world.awaitState(oneJob.id(), JobState.SUCCEEDED);
                world.awaitState(otherJob.id(), JobState.SUCCEEDED);
            }
            assertThat(world.job(oneJob.id()).attempt()).isEqualTo(2);
            assertThat(world.job(otherJob.id()).attempt()).isEqualTo(2);
        }
    }

    @Test
    void jobThatComesToAnEngineThatHasFailedLosesNoAttempt() {
        engine.refuse(new DeviceException(DeviceException.ENGINE_FAILED, "The engine failed; start it again."));
        var request = world.question(null);
        var job = world.submit(request);
        for (int workers = 0; workers < job.maxAttempts(); workers++) {
            try (var worker = TestWorker.start(engine)) {
                await().until(worker::failed);
            }
        }
        try (var next = TestWorker.start(successor)) {
            successor.held(request).answer("yes");

            assertThat(world.awaitState(job.id(), JobState.SUCCEEDED).attempt()).isGreaterThan(job.maxAttempts());
        }
    }

    @Test
    void workerTakesJobsAgainWhenItIsStartedAgain() {
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            worker.consumer().stop();
            var job = world.submit(request);
            worker.consumer().start();
            engine.held(request).answer("yes");
            world.awaitState(job.id(), JobState.SUCCEEDED);
        }
    }
}
