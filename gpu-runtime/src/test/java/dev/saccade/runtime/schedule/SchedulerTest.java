package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.Priority;
import dev.saccade.runtime.schedule.StepPlan.Stretch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who runs when, and what lies in the blocks, with a model that only looks. */
class SchedulerTest {

    private static final StepBudget SMALL = new StepBudget(64, 1_024, 32, 8);

    @Test
    void aStepDecodesEveryAnswerAndReadsWithinItsBudget() {
        SchedulerHarness harness = new SchedulerHarness(1_000, 8, SMALL, false, 0);
        harness.submit(ids(1, 10), 50, 1, Priority.STANDARD);
        harness.submit(ids(2, 10), 50, 1, Priority.STANDARD);
        harness.step();
        harness.submit(ids(3, 1_000), 50, 1, Priority.STANDARD);

        StepPlan plan = harness.step();

        assertThat(plan.answers()).hasSize(2);
        assertThat(plan.prompts()).extracting(Stretch::length).containsExactly(64);
    }

    @Test
    void aShortPromptDoesNotWaitForALongOne() {
        SchedulerHarness harness = new SchedulerHarness(1_000, 8, SMALL, false, 0);
        harness.submit(ids(1, 5_000), 5, 1, Priority.STANDARD);
        harness.step();
        SequenceGroup quick = harness.submit(ids(2, 30), 5, 1, Priority.STANDARD);

        harness.step();

        assertThat(quick.written()).isEqualTo(1);
    }

    @Test
    void theOldestPromptGetsHalfOfEachStepHoweverManyOthersRead() {
        SchedulerHarness harness = new SchedulerHarness(10_000, 40, SMALL, false, 0);
        SequenceGroup oldest = harness.submit(ids(0, 640), 5, 1, Priority.STANDARD);
        for (int i = 1; i < 40; i++) {
            harness.submit(ids(i, 2_000), 5, 1, Priority.STANDARD);
        }
        for (int step = 0; step < 20; step++) {
            harness.step();
        }

        assertThat(oldest.written()).isEqualTo(1);
    }

    @Test
    void whenBlocksRunOutTheLatestOfTheLowestClassGivesWayAndWritesOnLater() {
        SchedulerHarness harness = new SchedulerHarness(20, 8, SMALL, false, 0);
        SequenceGroup batch = harness.submit(ids(1, 64), 100, 1, Priority.BATCH);
        SequenceGroup standard = harness.submit(ids(2, 64), 100, 1, Priority.STANDARD);
        SequenceGroup later = harness.submit(ids(3, 64), 100, 1, Priority.STANDARD);
        List<SequenceGroup> finished = new ArrayList<>();
        while (!harness.open().isEmpty()) {
            List<SequenceGroup> before = List.copyOf(harness.open());
            harness.step();
            before.stream().filter(SequenceGroup::finished).forEach(finished::add);
        }

        assertThat(harness.counters().preemptions).isPositive();
        assertThat(finished).containsExactly(standard, later, batch);
        assertThat(SchedulerHarness.written(batch.first())).isEqualTo(SchedulerHarness.expected(ids(1, 64), 100));
        assertThat(harness.pool().free()).isEqualTo(20);
    }

    @Test
    void anInteractiveRequestTakesThePlaceOfABatchRequestAtOnce() {
        SchedulerHarness harness = new SchedulerHarness(1_000, 1, SMALL, true, 0);
        SequenceGroup batch = harness.submit(ids(1, 32), 500, 1, Priority.BATCH);
        harness.step();
        SequenceGroup urgent = harness.submit(ids(2, 32), 5, 1, Priority.INTERACTIVE);

        harness.step();

        assertThat(urgent.written()).isEqualTo(1);
        harness.run();
        assertThat(SchedulerHarness.written(batch.first())).isEqualTo(SchedulerHarness.expected(ids(1, 32), 500));
    }

    @Test
    void aBatchRequestIsServedHoweverManyInteractiveOnesCome() {
        SchedulerHarness harness = new SchedulerHarness(1_000, 1, SMALL, true, 0);
        SequenceGroup batch = harness.submit(ids(0, 32), 300, 1, Priority.BATCH);
        int came = 0;
        while (!batch.finished()) {
            assertThat(came++).isLessThan(1_000);
            harness.submit(ids(came, 20), 3, 1, Priority.INTERACTIVE);
            harness.step();
            harness.step();
            harness.step();
        }

        assertThat(harness.open().size()).isLessThan(400);
    }

    @Test
    void aLargeRequestIsNotOvertakenForEverBySmallOnes() {
        SchedulerHarness harness = new SchedulerHarness(40, 8, SMALL, false, 0);
        harness.submit(ids(0, 20), 20, 1, Priority.STANDARD);
        harness.step();
        SequenceGroup large = harness.submit(ids(1, 600), 10, 1, Priority.STANDARD);
        for (int step = 0; step < 60 && !large.finished(); step++) {
            harness.submit(ids(step, 20), 20, 1, Priority.STANDARD);
            harness.step();
        }

        assertThat(large.finished()).isTrue();
    }

    @Test
    void aCancelledRequestLeavesItsBlocksAtOnce() {
        SchedulerHarness harness = new SchedulerHarness(100, 8, SMALL, false, 0);
        SequenceGroup running = harness.submit(ids(1, 100), 50, 3, Priority.STANDARD);
        harness.step();
        harness.step();
        harness.step();
        assertThat(running.sequences()).hasSize(3);

        harness.cancel(running);

        assertThat(harness.pool().free()).isEqualTo(100);
        assertThat(harness.scheduler().idle()).isTrue();
    }

    @Test
    void aSecondRequestFindsThePromptOfTheFirst() {
        SchedulerHarness harness = new SchedulerHarness(1_000, 8, SMALL, true, 0);
        harness.submit(ids(1, 165), 5, 1, Priority.STANDARD);
        harness.run();
        SequenceGroup second = harness.submit(ids(1, 165), 5, 1, Priority.STANDARD);

        StepPlan plan = harness.step();

        assertThat(plan.prompts()).extracting(Stretch::from).containsExactly(160);
        assertThat(second.cachedTokens()).isEqualTo(160);
    }

    @Test
    void twoEqualPromptsAtOnceAreReadOnce() {
        SchedulerHarness harness = new SchedulerHarness(1_000, 8, SMALL, true, 0);
        harness.submit(ids(1, 640), 5, 1, Priority.STANDARD);
        harness.submit(ids(1, 640), 5, 1, Priority.STANDARD);

        harness.run();

        assertThat(harness.counters().readTokens).isLessThan(1_000);
    }

    @Test
    void anEqualPromptIsReadAgainAtLeastItsLastBlock() {
        SchedulerHarness harness = new SchedulerHarness(1_000, 8, SMALL, true, 0);
        harness.submit(ids(1, 64), 5, 1, Priority.STANDARD);
        harness.run();
        SequenceGroup second = harness.submit(ids(1, 64), 5, 1, Priority.STANDARD);
        harness.run();

        assertThat(second.cachedTokens()).isEqualTo(48);
    }

    @Test
    void answersShareTheReadingOfTheirPrompt() {
        SchedulerHarness harness = new SchedulerHarness(1_000, 8, SMALL, false, 0);
        SequenceGroup group = harness.submit(ids(1, 100), 40, 5, Priority.STANDARD);

        harness.run();

        assertThat(harness.counters().readTokens).isEqualTo(100);
        assertThat(group.sequences())
                .hasSize(5)
                .allSatisfy(sequence -> assertThat(SchedulerHarness.written(sequence))
                        .isEqualTo(SchedulerHarness.expected(ids(1, 100), 40)));
    }

    @Test
    void moreAnswersThanPlacesTakeTurns() {
        SchedulerHarness harness = new SchedulerHarness(1_000, 2, SMALL, false, 0);
        SequenceGroup group = harness.submit(ids(1, 100), 40, 5, Priority.STANDARD);

        harness.run();

        assertThat(group.sequences())
                .hasSize(5)
                .allSatisfy(sequence -> assertThat(SchedulerHarness.written(sequence))
                        .isEqualTo(SchedulerHarness.expected(ids(1, 100), 40)));
    }

    @Test
    void guessesSaveSteps() {
        SchedulerHarness harness = new SchedulerHarness(1_000, 2, SMALL, false, 4);
        SequenceGroup group = harness.submit(ids(1, 100), 200, 1, Priority.STANDARD);

        int steps = 0;
        while (!group.finished()) {
            harness.step();
            steps++;
        }

        assertThat(SchedulerHarness.written(group.first())).isEqualTo(SchedulerHarness.expected(ids(1, 100), 200));
        assertThat(harness.counters().acceptedTokens).isPositive();
        assertThat(steps).isLessThan(200);
    }

    @Test
    void answersThatCannotFitTogetherAreRefusedWithTheLimit() {
        SchedulerHarness harness = new SchedulerHarness(20, 8, SMALL, false, 0);

        assertThatThrownBy(() -> harness.submit(ids(1, 100), 100, 4, Priority.STANDARD))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("320 tokens for all 4 answers");
    }

    /** Random requests against caches too small for them: every answer is what it is alone, and every block comes back. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whateverTheScheduleEveryAnswerIsWhatItIsAlone(long seed) {
        Random random = new Random(seed);
        int blocks = 24 + random.nextInt(60);
        SchedulerHarness harness = new SchedulerHarness(
                blocks,
                1 + random.nextInt(12),
                new StepBudget(1 + random.nextInt(100), 1_024, 32, 1 + random.nextInt(16)),
                random.nextBoolean(),
                random.nextInt(6));
        Map<SequenceGroup, List<Integer>> expected = new HashMap<>();
        List<SequenceGroup> all = new ArrayList<>();
        for (int step = 0; step < 600; step++) {
            if (random.nextInt(4) == 0) {
                int[] ids = ids(random.nextInt(5), 1 + random.nextInt(120));
                int maxTokens = 1 + random.nextInt(60);
                SequenceGroup group =
                        harness.submit(ids, maxTokens, 1 + random.nextInt(3), Priority.values()[random.nextInt(3)]);
                all.add(group);
                expected.put(group, SchedulerHarness.expected(ids, maxTokens));
            }
            if (random.nextInt(20) == 0 && !harness.open().isEmpty()) {
                SequenceGroup cancelled =
                        harness.open().get(random.nextInt(harness.open().size()));
                harness.cancel(cancelled);
                all.remove(cancelled);
            }
            harness.step();
        }
        harness.run();

        assertThat(all)
                .isNotEmpty()
                .allSatisfy(group -> assertThat(group.sequences())
                        .allSatisfy(sequence ->
                                assertThat(SchedulerHarness.written(sequence)).isEqualTo(expected.get(group))));
        assertThat(harness.pool().available()).isEqualTo(blocks);
        assertThat(harness.scheduler().idle()).isTrue();
    }

    /** A prompt that begins like others of the same kind. */
    private static int[] ids(int kind, int length) {
        Random random = new Random(kind);
        return random.ints(length, 0, 8).toArray();
    }
}
