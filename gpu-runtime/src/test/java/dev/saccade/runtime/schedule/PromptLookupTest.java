package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.runtime.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PromptLookupTest {

    @Test
    void whatFollowedTheLastThreeTokensBeforeIsGuessed() {
        assertThat(guess(4, 1, 2, 3, 4, 5, 6, 7, 9, 2, 3, 4)).containsExactly(5, 6, 7, 9);
    }

    @Test
    void theLatestOccurrenceCounts() {
        assertThat(guess(1, 1, 2, 3, 4, 1, 2, 3, 5, 1, 2, 3)).containsExactly(5);
    }

    @Test
    void twoTokensDoWhereThreeHaveNotOccurred() {
        assertThat(guess(2, 1, 2, 3, 4, 7, 2, 3)).containsExactly(4, 7);
    }

    @Test
    void aRepetitionGoesOnIntoTheGuess() {
        assertThat(guess(5, 1, 2, 1, 2, 1, 2)).containsExactly(1, 2, 1, 2, 1);
        assertThat(guess(3, 4, 4, 4, 4)).containsExactly(4, 4, 4);
    }

    @Test
    void nothingIsGuessedWhereNothingIsAlike() {
        assertThat(guess(4, 1, 2, 3, 4, 5)).isEmpty();
        assertThat(guess(4, 1, 1)).isEmpty();
        assertThat(guess(0, 1, 2, 1, 2, 1, 2)).isEmpty();
    }

    @Test
    void whoGuessesWrongWaitsLongerEachTimeUntilItIsRight() {
        PromptLookup lookup = new PromptLookup();
        Sequence sequence = sequence(1, 2, 1, 2, 1, 2);
        assertThat(lookup.guess(sequence, 2)).isEqualTo(2);
        lookup.learn(false);
        assertThat(waits(lookup, sequence)).isEqualTo(1);
        lookup.learn(false);
        assertThat(waits(lookup, sequence)).isEqualTo(3);
        lookup.learn(true);
        assertThat(waits(lookup, sequence)).isZero();
    }

    @Test
    void placesOfManyGroupsAreFoundAgain() {
        Random random = new Random(1);
        LastPlaces places = new LastPlaces();
        List<Long> keys = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            keys.add(random.nextLong() >>> 1);
            places.put(keys.get(i), i);
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(places.get(keys.get(i))).isEqualTo(i);
        }
        assertThat(places.get(12_345)).isNegative();
    }

    private static int waits(PromptLookup lookup, Sequence sequence) {
        int waits = 0;
        while (lookup.guess(sequence, 2) == 0) {
            waits++;
        }
        return waits;
    }

    private static List<Integer> guess(int most, int... ids) {
        PromptLookup lookup = new PromptLookup();
        int count = lookup.guess(sequence(ids), most);
        List<Integer> guesses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            guesses.add(lookup.guessed(i));
        }
        return guesses;
    }

    private static Sequence sequence(int... ids) {
        SchedulerHarness harness = new SchedulerHarness(100, 1, StepBudget.DEFAULT, false, 0);
        return harness.submit(ids, 10, 1, Priority.STANDARD).first();
    }
}
