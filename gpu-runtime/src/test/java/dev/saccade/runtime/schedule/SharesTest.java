package dev.saccade.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SharesTest {

    @Test
    void oneAloneGetsAllOfTheBudget() {
        assertThat(divide(512, 1_000)).containsExactly(512);
        assertThat(divide(512, 100)).containsExactly(100);
    }

    @Test
    void theFirstGetsHalfAndTheOthersShareTheRest() {
        assertThat(divide(512, 1_000, 1_000, 1_000)).containsExactly(256, 128, 128);
    }

    @Test
    void whoWantsLittleGetsAllOfIt() {
        assertThat(divide(512, 1_000, 1_000, 20)).containsExactly(256, 236, 20);
        assertThat(divide(512, 10, 1_000, 20)).containsExactly(10, 482, 20);
    }

    @Test
    void whatNobodyElseWantsGoesToTheFirst() {
        assertThat(divide(512, 1_000, 100, 20)).containsExactly(392, 100, 20);
    }

    @Test
    void whoWantsNothingGetsNothing() {
        assertThat(divide(512, 1_000, 0, 1_000)).containsExactly(256, 0, 256);
        assertThat(divide(512)).isEmpty();
    }

    @Test
    void moreThanTheBudgetIsNeverGivenNorMoreThanWanted() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int budget = 1 + random.nextInt(600);
            int[] wanted = random.ints(1 + random.nextInt(70), 0, 900).toArray();
            wanted[0]++;
            int[] given = divide(budget, wanted);
            assertThat(Arrays.stream(given).sum()).as("seed %d", seed).isBetween(1, budget);
            assertThat(given[0]).as("seed %d", seed).isGreaterThanOrEqualTo(Math.min(wanted[0], budget / 2));
            for (int i = 0; i < given.length; i++) {
                assertThat(given[i]).as("seed %d", seed).isBetween(0, wanted[i]);
            }
        }
    }

    private static int[] divide(int budget, int... wanted) {
        Shares shares = new Shares();
        for (int amount : wanted) {
            shares.want(amount);
        }
        shares.divide(budget);
        int[] given = new int[wanted.length];
        Arrays.setAll(given, shares::of);
        return given;
    }
}
