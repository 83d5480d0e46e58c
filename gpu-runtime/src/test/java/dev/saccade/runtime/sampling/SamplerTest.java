package dev.saccade.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.SamplingParameters;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private static final int EOS = 7;

    private static Sampler sampler(int vocabulary, long seed, Consumer<SamplingParameters.Builder> change) {
        return new Sampler(
                SamplingParametersFixture.with(change),
                seed,
                0,
                Set.of(EOS),
                new int[0],
                SamplingControls.NONE,
                new SamplerScratch(vocabulary));
    }

    private static float[] noise(int vocabulary, long seed) {
        Random random = new Random(seed);
        float[] logits = new float[vocabulary];
        for (int i = 0; i < vocabulary; i++) {
            logits[i] = (float) (3 * random.nextGaussian());
        }
        return logits;
    }

    private static int[] draw(Sampler sampler, float[] logits, int count) {
        return IntStream.range(0, count).map(i -> sampler.sample(logits)).toArray();
    }

    @Test
    void greedyTakesTheLowestIdOfEqualLogits() {
        Sampler sampler = sampler(8, 1, draft -> draft.temperature(0.0));

        assertThat(sampler.sample(new float[] {0, 2, 5, 1, 5, 5, -1, 0})).isEqualTo(2);
    }

    @Test
    void greedyAppliesPenaltiesAndBias() {
        float[] logits = {0, 2, 5, 4.9f, 0, 0, 0, 0};
        Sampler penalised = sampler(8, 1, draft -> {
            draft.temperature(0.0);
            draft.repetitionPenalty(1.1);
        });
        Sampler biased = sampler(8, 1, draft -> {
            draft.temperature(0.0);
            draft.logitBias(Map.of(0, 10.0));
        });

        assertThat(draw(penalised, logits, 2)).containsExactly(2, 3);
        assertThat(biased.sample(logits)).isEqualTo(0);
    }

    @Test
    void promptTokensAreRepetitionsButNotOccurrences() {
        float[] logits = {3, 2.9f, 0, 0, 0, 0, 0, 0};
        SamplingParameters repetition = SamplingParametersFixture.with(draft -> {
            draft.temperature(0.0);
            draft.repetitionPenalty(1.1);
        });
        SamplingParameters presence = SamplingParametersFixture.with(draft -> {
            draft.temperature(0.0);
            draft.presencePenalty(1.0);
        });
        int[] prompt = {0, 0, 5};

        assertThat(new Sampler(repetition, 1, 0, Set.of(), prompt, SamplingControls.NONE, new SamplerScratch(8))
                        .sample(logits))
                .isEqualTo(1);
        assertThat(new Sampler(presence, 1, 0, Set.of(), prompt, SamplingControls.NONE, new SamplerScratch(8))
                        .sample(logits))
                .isEqualTo(0);
    }

    @Test
    void aSeedGivesTheSameTokensAgain() {
        float[] logits = noise(500, 3);

        int[] first = draw(sampler(500, 42, draft -> {}), logits, 200);

        assertThat(draw(sampler(500, 42, draft -> {}), logits, 200)).isEqualTo(first);
        assertThat(draw(sampler(500, 43, draft -> {}), logits, 200)).isNotEqualTo(first);
    }

    @Test
    void samplersThatShareScratchDoNotDisturbEachOther() {
        float[] logits = noise(500, 3);
        SamplerScratch shared = new SamplerScratch(500);
        SamplingParameters parameters = SamplingParametersFixture.with(draft -> draft.topP(0.9));
        Sampler one = new Sampler(parameters, 42, 0, Set.of(), new int[0], SamplingControls.NONE, shared);
        Sampler other = new Sampler(parameters, 9, 0, Set.of(), new int[0], SamplingControls.NONE, shared);
        int[] interleaved = IntStream.range(0, 100)
                .map(i -> {
                    int token = one.sample(logits);
                    other.sample(noise(500, i));
                    return token;
                })
                .toArray();

        assertThat(interleaved).isEqualTo(draw(sampler(500, 42, draft -> draft.topP(0.9)), logits, 100));
    }

    @Test
    void sequencesOfOneSeedDrawDifferentTokens() {
        float[] logits = noise(500, 3);
        SamplingParameters parameters = SamplingParametersFixture.with(draft -> {});
        Sampler zero =
                new Sampler(parameters, 42, 0, Set.of(), new int[0], SamplingControls.NONE, new SamplerScratch(500));
        Sampler one =
                new Sampler(parameters, 42, 1, Set.of(), new int[0], SamplingControls.NONE, new SamplerScratch(500));

        assertThat(draw(zero, logits, 50)).isNotEqualTo(draw(one, logits, 50));
    }

    @Test
    void frequenciesFollowTheDistribution() {
        float[] logits = {0, 1, 2, 3, -1, 0.5f, -40, 1.5f};
        double sum = IntStream.range(0, 8).mapToDouble(i -> Math.exp(logits[i])).sum();
        int draws = 200_000;
        int[] counts = new int[8];
        for (int token : draw(sampler(8, 5, draft -> {}), logits, draws)) {
            counts[token]++;
        }

        for (int i = 0; i < 8; i++) {
            double expected = Math.exp(logits[i]) / sum;
            assertThat((double) counts[i] / draws)
                    .as("token %d", i)
                    .isCloseTo(expected, within(5 * Math.sqrt(expected / draws) + 1e-9));
        }
    }

    @Test
    void nucleusOfALargeVocabularyIsWhatASortGives() {
        int vocabulary = 152_064;
        for (int trial = 0; trial < 5; trial++) {
            double topP = new double[] {0.05, 0.5, 0.95, 0.99, 0.999999}[trial];
            float[] logits = noise(vocabulary, trial);
            double[] sorted = doubles(logits);
            Arrays.sort(sorted);
            double total = Arrays.stream(sorted).map(Math::exp).sum();
            int expected = 0;
            for (double sum = 0; sum < topP * total; expected++) {
                sum += Math.exp(sorted[vocabulary - 1 - expected]);
            }

            Candidates distribution =
                    sampler(vocabulary, 1, draft -> draft.topP(topP)).distribution(logits);

            assertThat(distribution.chosen()).as("top_p %s", topP).isEqualTo(expected);
            assertThat(IntStream.range(0, distribution.chosen())
                            .mapToDouble(distribution::probability)
                            .sum())
                    .isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void topKKeepsTiesAtItsEdge() {
        float[] logits = {5, 4, 4, 4, 1, 0, 0, 0};

        Candidates distribution = sampler(8, 1, draft -> draft.topK(2)).distribution(logits);

        assertThat(IntStream.range(0, distribution.chosen()).map(distribution::chosen))
                .containsExactly(0, 1, 2, 3);
    }

    @Test
    void endOfTurnIsImpossibleBeforeMinTokens() {
        float[] logits = {0, 0, 0, 1, 0, 0, 0, 50};
        Sampler sampler = sampler(8, 1, draft -> {
            draft.minTokens(3);
            draft.stopTokenIds(Set.of(3));
            draft.temperature(0.0);
        });

        assertThat(draw(sampler, logits, 4)).containsExactly(0, 0, 0, EOS);
    }

    @Test
    void endsAtEndOfTurnAndStopTokensUnlessIgnored() {
        Sampler plain = sampler(8, 1, draft -> draft.stopTokenIds(Set.of(2)));
        Sampler ignoring = sampler(8, 1, draft -> {
            draft.stopTokenIds(Set.of(2));
            draft.ignoreEos(true);
        });

        assertThat(IntStream.range(0, 8).filter(plain::ends)).containsExactly(2, EOS);
        assertThat(IntStream.range(0, 8).filter(ignoring::ends)).containsExactly(2);
    }

    @Test
    void aTinyTemperatureIsGreedyAndNotAnOverflow() {
        Sampler sampler = sampler(8, 1, draft -> draft.temperature(Double.MIN_VALUE));

        assertThat(draw(sampler, new float[] {1, 2, 30_000, 4, 5, 6, -30_000, 0}, 5))
                .containsOnly(2);
    }

    @Test
    void readsLogitsAtAnOffset() {
        Sampler sampler = sampler(4, 1, draft -> draft.temperature(0.0));

        assertThat(sampler.sample(new float[] {9, 9, 9, 9, 0, 1, 3, 2}, 4)).isEqualTo(2);
    }

    @Test
    void logitsWithoutANumberAreADeviceFailure() {
        float[] logits = new float[8];
        Arrays.fill(logits, Float.NaN);

        for (double temperature : new double[] {0, 1}) {
            Sampler sampler = sampler(8, 1, draft -> draft.temperature(temperature));
            assertThatThrownBy(() -> sampler.sample(logits))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("no usable score");
        }
    }

    @Test
    void aSingleNaNIsNeverChosen() {
        float[] logits = {Float.NaN, 1, 2, Float.NaN, 3, 0, 0, 0};

        assertThat(sampler(8, 1, draft -> draft.temperature(0.0)).sample(logits))
                .isEqualTo(4);
        assertThat(draw(sampler(8, 1, draft -> {}), logits, 100)).doesNotContain(0, 3);
        assertThat(draw(sampler(8, 1, draft -> draft.topP(0.99)), logits, 100)).doesNotContain(0, 3);
        assertThat(draw(sampler(8, 1, draft -> draft.topK(6)), logits, 100)).doesNotContain(0, 3);
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
