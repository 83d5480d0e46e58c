package dev.saccade.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.device.DeviceBuffer;
import dev.saccade.runtime.device.ScoreChanges;
import dev.saccade.runtime.device.TokenDraw;
import dev.saccade.runtime.device.TokenMeasure;
import dev.saccade.runtime.device.cuda.CudaDevice;
import dev.saccade.runtime.device.cuda.Emulator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sampling kernels on the emulated device: they draw the host's tokens, and leave to it what they can't draw. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeviceSamplingTest {

    private static final int EOS = 7;
    private static final int ROWS = 5;
    private static final int STEPS = 3;
    private static final int LARGE_VOCABULARY = 152_064;

    private @Nullable CudaDevice device;

    @BeforeAll
    void open() {
        Emulator.start();
        device = new CudaDevice();
    }

    @AfterAll
    void close() {
        if (device != null) {
            device.close();
        }
        Emulator.stop();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void tokensAreTheHosts(long seed) {
        Random random = new Random(seed);
        int drawn = 0;
        for (int trial = 0; trial < 12; trial++) {
            drawn += compare(random, 50 + random.nextInt(1_950), "seed " + seed + ", trial " + trial);
        }
        assertThat(drawn).isGreaterThan(12 * STEPS * ROWS * 9 / 10);
    }

    @Test
    void tokensOfALargeVocabularyAreTheHosts() {
        assertThat(compare(new Random(77), LARGE_VOCABULARY, "large")).isPositive();
    }

    @Test
    void likelyTokensOfALargeVocabularyAreDrawnOnTheDevice() {
        Random random = new Random(5);
        float[] logits = new float[LARGE_VOCABULARY];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (4 * random.nextGaussian());
        }
        int[] tokens = new int[3];
        List<TokenDraw> draws = List.of(draw(0, 0.6, 0.95, 20), draw(0, 0.6, 1, 40), draw(0, 0.6, 0.5, 0));

        device().draw(onDevice(logits), logits.length, draws, tokens);

        assertThat(IntStream.of(tokens)).allMatch(token -> token >= 0);
    }

    /** Several sequences at once, two of them on the same row; returns how many tokens the device drew. */
    private int compare(Random random, int vocabulary, String trial) {
        SamplerScratch scratch = new SamplerScratch(vocabulary);
        List<Sampler> onDevice = new ArrayList<>();
        List<Sampler> onHost = new ArrayList<>();
        List<SamplingParameters> parameters = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            SamplingParameters own = SamplingPropertyTest.parameters(random, vocabulary);
            long[] allowed = random.nextInt(3) == 0 ? SamplingPropertyTest.allowed(random, vocabulary) : null;
            List<int[]> badWords = random.nextInt(3) == 0
                    ? List.of(
                            SamplingPropertyTest.tokens(random, vocabulary, 1),
                            SamplingPropertyTest.tokens(random, 4, 2))
                    : List.of();
            TokenConstraint constraint = random.nextInt(3) == 0 ? new SamplingPropertyTest.Parity(vocabulary) : null;
            SamplingControls controls = new SamplingControls(allowed, badWords, constraint, false, null, null);
            int[] prompt = SamplingPropertyTest.tokens(random, vocabulary, random.nextInt(100));
            long seed = random.nextLong();
            onDevice.add(new Sampler(own, seed, i, Set.of(EOS), prompt, controls, scratch));
            onHost.add(new Sampler(own, seed, i, Set.of(EOS), prompt, controls, scratch));
            parameters.add(own);
        }
        int drawn = 0;
        for (int step = 0; step < STEPS; step++) {
            float[] logits = SamplingPropertyTest.logits(random, vocabulary * (ROWS - 1), 0);
            List<TokenDraw> draws = new ArrayList<>();
            for (int i = 0; i < ROWS; i++) {
                draws.add(Objects.requireNonNull(onDevice.get(i).draw(i % (ROWS - 1))));
            }
            int[] tokens = new int[ROWS];
            device().draw(onDevice(logits), vocabulary, draws, tokens);
            assertThat(Emulator.failure()).isEmpty();
            for (int i = 0; i < ROWS; i++) {
                int expected = onHost.get(i).sample(logits, i % (ROWS - 1) * vocabulary);
                if (tokens[i] != TokenDraw.UNDRAWN) {
                    drawn++;
                    assertThat(tokens[i])
                            .as("%s, step %d, row %d, %s", trial, step, i, parameters.get(i))
                            .isEqualTo(expected);
                }
                onDevice.get(i).take(expected);
            }
        }
        return drawn;
    }

    @Test
    void rowWithoutAFiniteScoreIsLeftToTheHost() {
        float[] logits = new float[3 * 64];
        Arrays.fill(logits, 0, 64, Float.NaN);
        Arrays.fill(logits, 64, 128, Float.NEGATIVE_INFINITY);
        logits[130] = Float.POSITIVE_INFINITY;
        int[] tokens = new int[3];

        device().draw(onDevice(logits), 64, List.of(draw(0, 1, 1, 0), draw(1, 1, 1, 0), draw(2, 1, 1, 0)), tokens);

        assertThat(tokens).containsOnly(TokenDraw.UNDRAWN);
    }

    @Test
    void moreCandidatesThanAreSortedAreLeftToTheHost() {
        int[] tokens = new int[3];
        float[] flat = new float[5_000];
        List<TokenDraw> draws = List.of(draw(0, 1, 0.9, 0), draw(0, 1, 1, 4_000), draw(0, 1, 1, 0));

        device().draw(onDevice(flat), flat.length, draws, tokens);

        assertThat(tokens[0]).isEqualTo(TokenDraw.UNDRAWN);
        assertThat(tokens[1]).isEqualTo(TokenDraw.UNDRAWN);
        assertThat(tokens[2]).as("a draw from all needs no order").isNotNegative();
    }

    @ParameterizedTest
    @ValueSource(ints = {33, 1_000, LARGE_VOCABULARY})
    void logProbabilitiesAreTheSoftmaxs(int vocabulary) {
        float[] logits = SamplingPropertyTest.logits(new Random(vocabulary), vocabulary, 0);
        double sum = 0;
        int likelier = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
            likelier += logit > logits[19] ? 1 : 0;
        }
        double logSum = Math.log(sum);
        int[] order = IntStream.range(0, vocabulary)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(id -> -logits[id]).thenComparing(id -> id))
                .mapToInt(id -> id)
                .toArray();
        for (int top : new int[] {0, 1, 20}) {
            TokenMeasure found = Objects.requireNonNull(device().measure(onDevice(logits), vocabulary, 0, 19, top));

            assertThat(found.logprob()).isCloseTo(logits[19] - logSum, within(1e-5));
            assertThat(found.rank()).isEqualTo(1 + likelier);
            assertThat(found.likeliest()).containsExactly(Arrays.copyOf(order, top));
            for (int i = 0; i < top; i++) {
                assertThat(found.logprobs()[i]).isCloseTo(logits[order[i]] - logSum, within(1e-5));
            }
        }
    }

    private static TokenDraw draw(int row, double temperature, double topP, int topK) {
        return new TokenDraw(row, temperature, topP, topK, 0, 1, 0, 0, new ScoreChanges(), null);
    }

    private CudaDevice device() {
        return Objects.requireNonNull(device);
    }

    private DeviceBuffer onDevice(float[] values) {
        DeviceBuffer buffer = device().allocate(values.length);
        device().write(values, 0, values.length, buffer);
        return buffer;
    }
}
