package dev.saccade.worker.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.ledger.ObjectKeys;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.worker.jobs.TestWorker.Options;
import dev.saccade.worker.media.MediaStore;
import dev.saccade.worker.media.UnusableMediaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a worker stands on goes away in the middle of a job, and comes back. */
class OutageTest {

    private static final byte[] CLIP = "a clip that is hard to get".getBytes(StandardCharsets.UTF_8);

    private final LedgerWorld world = LedgerWorld.shared();
    private final HandHeldEngine engine = new HandHeldEngine();

    @AfterEach
    void bringBackWhatWasCutOff() {
        world.database().comeBack();
        world.cancelUnfinished();
    }

    @Test
    void storeThatIsGoneForAMomentCostsNoAttempt() {
        var request = world.question(world.upload(CLIP));
        var store = new FailingStore(2, false);
        try (var worker =
                TestWorker.start(engine, Options.USUAL.withStore(store).withFetchPatience(Duration.ofMinutes(1)))) {
            var job = world.submit(request);
            engine.held(request).answer("yes");
            assertThat(world.awaitState(job.id(), JobState.SUCCEEDED).attempt()).isEqualTo(1);
            assertThat(store.failures.get()).isZero();
        }
    }

    @Test
    void storeThatIsDownForLongerThanAJobHasAttemptsCostsNone() {
        var request = world.question(world.upload(CLIP));
        var store = new FailingStore(7, false);
        try (var worker =
                TestWorker.start(engine, Options.USUAL.withStore(store).withFetchPatience(Duration.ZERO))) {
            var job = world.submit(request);
            engine.held(request).answer("yes");
            assertThat(world.awaitState(job.id(), JobState.SUCCEEDED).attempt()).isEqualTo(8);
        }
    }

    @Test
    void storeThatFailsSendsTheJobBackToItsQueueAndItSucceedsLater() {
        var request = world.question(world.upload(CLIP));
        var store = new FailingStore(1, true);
        try (var worker =
                TestWorker.start(engine, Options.USUAL.withStore(store).withFetchPatience(Duration.ZERO))) {
            var job = world.submit(request);
            engine.held(request).answer("yes");
            assertThat(world.awaitState(job.id(), JobState.SUCCEEDED).attempt()).isEqualTo(2);
        }
    }

    @Test
    void storeThatFailsForThisObjectOnlyEndsTheJobAfterItsAttempts() {
        var request = world.question(world.upload(CLIP));
        var store = new FailingStore(Integer.MAX_VALUE, true);
        try (var worker =
                TestWorker.start(engine, Options.USUAL.withStore(store).withFetchPatience(Duration.ZERO))) {
            var job = world.submit(request);
            assertThat(world.awaitError(job.id()).code()).isEqualTo("attempts-exhausted");
        }
    }

    @Test
    void objectThatIsNotWhatWasUploadedFailsTheJob() {
        var request = world.question(world.upload(CLIP, "0".repeat(64)));
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);
            assertThat(world.awaitError(job.id()).code()).isEqualTo("media-changed");
            assertThat(engine.has(request)).isFalse();
        }
    }

    @Test
    void objectThatIsGoneFailsTheJob() {
        var video = world.upload(CLIP);
        world.store().remove(ObjectKeys.video(world.tenant(), video));
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(world.question(video));
            assertThat(world.awaitError(job.id()).code()).isEqualTo("media-missing");
        }
    }

    @Test
    void databaseThatIsGoneAtCompletionLosesNothing() {
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);
            var held = engine.held(request);
            world.database().goDown();
            held.answer("yes");
            await().until(() -> world.database().refusals() > 3);

            world.database().comeBack();

            assertThat(world.awaitState(job.id(), JobState.SUCCEEDED).attempt()).isEqualTo(1);
        }
    }

    @Test
    void heartbeatsThatFailDoNotEndTheJobWhileItsLeaseMayLive() {
        var request = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);
            var held = engine.held(request);
            world.database().goDown();
            await().until(() -> world.database().refusals() > 5);
            assertThat(held.isCancelled()).isFalse();

            world.database().comeBack();
            held.answer("yes");

            assertThat(world.awaitState(job.id(), JobState.SUCCEEDED).attempt()).isEqualTo(1);
        }
    }

    @Test
    void jobIsGivenUpWhenItsLeaseIsSurelyLost() {
        var request = world.question(null);
        try (var worker =
                TestWorker.start(engine, Options.USUAL.withLease(Duration.ofMillis(300), Duration.ofMillis(50)))) {
            var job = world.submit(request);
            var held = engine.held(request);
            world.database().goDown();

            await().atMost(Duration.ofSeconds(20)).until(held::isCancelled);

            world.database().comeBack();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                world.ledger().sweep(100);
                return !engine.held(request).equals(held);
            });
            engine.held(request).answer("yes");
            assertThat(world.awaitState(job.id(), JobState.SUCCEEDED).attempt()).isEqualTo(2);
        }
    }

    @Test
    void claimWaitsForTheDatabase() {
        var request = world.question(null);
        var job = world.submit(request);
        await().until(() -> world.standardQueueLength() > 0);
        world.database().goDown();
        try (var worker = TestWorker.start(engine)) {
            await().until(() -> world.database().refusals() > 3);
            assertThat(engine.has(request)).isFalse();

            world.database().comeBack();

            engine.held(request).answer("yes");
            world.awaitState(job.id(), JobState.SUCCEEDED);
        }
    }

    @Test
    void jobGoesOnWhileTheBrokerIsLostAndItsRedeliveredMessageIsDropped() {
        var request = world.question(null);
        var later = world.question(null);
        try (var worker = TestWorker.start(engine)) {
            var job = world.submit(request);
            var held = engine.held(request);

            worker.loseBroker();

            var laterJob = world.submit(later);
            engine.held(later).answer("the connection is back");
            world.awaitState(laterJob.id(), JobState.SUCCEEDED);
            assertThat(held.isCancelled()).isFalse();
            held.answer("yes");
            assertThat(world.awaitState(job.id(), JobState.SUCCEEDED).attempt()).isEqualTo(1);
            assertThat(engine.held(request)).isSameAs(held);
        }
        assertThat(world.standardQueueIsEmpty()).isTrue();
    }

    /** The real store, but the first calls fail. */
    private static final class FailingStore implements MediaStore {

        final AtomicInteger failures;

        private final boolean reachable;

        FailingStore(int failures, boolean reachable) {
            this.failures = new AtomicInteger(failures);
            this.reachable = reachable;
        }

        @Override
        public boolean reachable() {
            return reachable;
        }

        @Override
        public InputStream open(String objectKey) throws IOException, UnusableMediaException {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IOException("The test has cut the store off");
            }
            return Options.USUAL.store().open(objectKey);
        }
    }
}
