package dev.saccade.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CounterRandomTest {

    @Test
    void anyCounterCountsThroughAUniformDistribution() {
        assertUniform(LongStream.range(0, 100_000)
                .mapToDouble(i -> CounterRandom.uniform(i, 0, 0))
                .toArray());
        assertUniform(LongStream.range(0, 100_000)
                .mapToDouble(i -> CounterRandom.uniform(1, i, 0))
                .toArray());
        assertUniform(LongStream.range(0, 100_000)
                .mapToDouble(i -> CounterRandom.uniform(1, 0, i))
                .toArray());
    }

    /** Chi-squared over 100 bins; 99 degrees of freedom stay below 200 in all but one of 10^8 runs. */
    private static void assertUniform(double[] values) {
        int[] bins = new int[100];
        double products = 0;
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isGreaterThanOrEqualTo(0).isLessThan(1);
            bins[(int) (100 * values[i])]++;
            products += i == 0 ? 0 : (values[i] - 0.5) * (values[i - 1] - 0.5);
        }
        double expected = values.length / 100.0;
        double chiSquared = 0;
        for (int bin : bins) {
            chiSquared += (bin - expected) * (bin - expected) / expected;
        }
        assertThat(chiSquared).isLessThan(200);
        assertThat(Math.abs(products / values.length))
                .as("correlation of neighbours")
                .isLessThan(0.002);
    }

    @Test
    void seedSequenceAndStepAreNotExchangeable() {
        assertThat(CounterRandom.uniform(1, 2, 3))
                .isNotEqualTo(CounterRandom.uniform(2, 1, 3))
                .isNotEqualTo(CounterRandom.uniform(1, 3, 2))
                .isNotEqualTo(CounterRandom.uniform(3, 2, 1));
    }

    @Test
    void numbersStayTheSameBetweenReleases() {
        assertThat(CounterRandom.uniform(0, 0, 0)).isEqualTo(0.4992967693008966);
        assertThat(CounterRandom.uniform(-1, 3, 1_000_000)).isEqualTo(0.583534485484409);
    }
}
