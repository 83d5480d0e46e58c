package dev.saccade.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.saccade.runtime.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random parameters over random rows: every token is the one that the plain definition gives. */
class SamplingPropertyTest {

    private static final int EOS = 7;
    private static final int STEPS = 6;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyTokenIsThePlainDefinitions(long seed) {
        Random random = new Random(seed);
        for (int trial = 0; trial < 80; trial++) {
            int vocabulary = trial % 25 == 0 ? 9_000 + random.nextInt(9_000) : 50 + random.nextInt(1_950);
            compare(random, vocabulary, "seed " + seed + ", trial " + trial);
        }
    }

    private static void compare(Random random, int vocabulary, String trial) {
        SamplingParameters parameters = parameters(random, vocabulary);
        List<int[]> badWords = random.nextInt(3) == 0
                ? List.of(tokens(random, vocabulary, 1), tokens(random, 4, 2), tokens(random, 4, 3))
                : List.of();
        long[] allowed = random.nextInt(3) == 0 ? allowed(random, vocabulary) : null;
        TokenConstraint constraint = random.nextInt(3) == 0 ? new Parity(vocabulary) : null;
        SamplingControls controls = new SamplingControls(allowed, badWords, constraint, false, null, null);
        int[] prompt = tokens(random, vocabulary, random.nextInt(100));
        long seed = random.nextLong();
        SamplerScratch scratch = new SamplerScratch(vocabulary);
        Sampler sampler = new Sampler(parameters, seed, 3, Set.of(EOS), prompt, controls, scratch);
        List<Integer> output = new ArrayList<>();
        int state = 0;
        for (int step = 0; step < STEPS; step++) {
            int offset = random.nextInt(3);
            float[] logits = logits(random, vocabulary, offset);
            float[] before = logits.clone();
            Set<Integer> banned = banned(vocabulary, parameters, badWords, output);
            for (int id = 0; id < vocabulary; id++) {
                boolean out = (allowed != null && !RowScan.allows(allowed, id))
                        || (constraint != null && !RowScan.allows(constraint.allowed(state), id));
                if (out) {
                    banned.add(id);
                }
            }
            double[] scores = PlainSampling.scores(
                    Arrays.copyOfRange(logits, offset, offset + vocabulary), parameters, boxed(prompt), output, banned);
            int expected = PlainSampling.likeliest(scores);
            if (Objects.requireNonNull(parameters.temperature()) > 0) {
                PlainSampling.Choice choice = PlainSampling.choice(scores, parameters);
                expected = choice.at(CounterRandom.uniform(seed, 3, step));
                if (step == 0 && offset == 0) {
                    assertDistribution(
                            new Sampler(parameters, seed, 3, Set.of(EOS), prompt, controls, scratch)
                                    .distribution(logits),
                            choice,
                            trial + " " + parameters);
                }
            }

            int token = sampler.sample(logits, offset);

            assertThat(token).as("%s, step %d, %s", trial, step, parameters).isEqualTo(expected);
            assertThat(logits).as("logits are as they were").isEqualTo(before);
            output.add(token);
            state = constraint == null || sampler.ends(token) ? state : constraint.next(state, token);
        }
        Sampler again = new Sampler(parameters, seed, 3, Set.of(EOS), prompt, controls, scratch);
        again.resume(output.stream().mapToInt(token -> token).toArray(), STEPS);
        float[] next = logits(random, vocabulary, 0);
        assertThat(again.sample(next)).as("%s, resumed", trial).isEqualTo(sampler.sample(next));
    }

    private static void assertDistribution(Candidates found, PlainSampling.Choice expected, String trial) {
        assertThat(IntStream.range(0, found.chosen()).boxed().map(found::chosen))
                .as(trial)
                .isEqualTo(expected.ids());
        for (int i = 0; i < found.chosen(); i++) {
            assertThat(found.probability(i))
                    .as(trial)
                    .isCloseTo(expected.probabilities().get(i), within(1e-12));
        }
    }

    static SamplingParameters parameters(Random random, int vocabulary) {
        return SamplingParametersFixture.with(draft -> {
            draft.temperature(pick(random, 0.0, 0.01, 0.3, 0.6, 1.0, 1.7, 40.0));
            draft.topP(pick(random, 1.0, 1.0, 0.95, 0.5, 0.999, 0.01, 1 - 1e-12));
            draft.topK(pick(random, 0, 0, 1, 20, 50, vocabulary, 3 * vocabulary));
            draft.minP(pick(random, 0.0, 0.0, 0.0, 0.1, 0.001, 1.0));
            draft.repetitionPenalty(pick(random, 1.0, 1.0, 1.05, 1.3, 0.8));
            draft.presencePenalty(pick(random, 0.0, 0.0, 0.5, -1.0));
            draft.frequencyPenalty(pick(random, 0.0, 0.0, 0.3));
            draft.minTokens(pick(random, 0, 0, 3));
            draft.stopTokenIds(random.nextInt(3) == 0 ? Set.of(1, 2) : Set.of());
            if (random.nextInt(3) == 0) {
                Map<Integer, Double> bias = new HashMap<>();
                IntStream.range(0, 10)
                        .forEach(i -> bias.put(random.nextInt(vocabulary), pick(random, 0.1, -100.0, 3.3, 100.0)));
                draft.logitBias(bias);
            }
        });
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... values) {
        return values[random.nextInt(values.length)];
    }

    /** Noise, peaked noise, or coarse numbers with many ties; some of them not numbers at all. */
    static float[] logits(Random random, int vocabulary, int offset) {
        float[] logits = new float[vocabulary + offset];
        int kind = random.nextInt(4);
        for (int i = 0; i < logits.length; i++) {
            double noise = random.nextGaussian();
            logits[i] =
                    (float) (kind == 0 ? 3 * noise : kind == 1 ? 30 * noise : kind == 2 ? Math.round(noise) : noise);
            if (random.nextInt(200) == 0) {
                logits[i] = pick(random, Float.NEGATIVE_INFINITY, -0f, 0f);
            }
        }
        return logits;
    }

    private static Set<Integer> banned(
            int vocabulary, SamplingParameters parameters, List<int[]> badWords, List<Integer> output) {
        Set<Integer> banned = new HashSet<>();
        Integer minTokens = parameters.minTokens();
        if (minTokens != null && output.size() < minTokens) {
            banned.add(EOS);
            banned.addAll(parameters.stopTokenIds());
        }
        for (int[] word : badWords) {
            List<Integer> prefix = boxed(word).subList(0, word.length - 1);
            int from = output.size() - prefix.size();
            if (from >= 0 && output.subList(from, output.size()).equals(prefix) && word[word.length - 1] < vocabulary) {
                banned.add(word[word.length - 1]);
            }
        }
        return banned;
    }

    static long[] allowed(Random random, int vocabulary) {
        long[] allowed = new long[Math.ceilDiv(vocabulary, 64)];
        boolean sparse = random.nextBoolean();
        for (int id = 0; id < vocabulary; id++) {
            if (random.nextInt(sparse ? 10 : 2) == 0 || id < 20) {
                allowed[id / 64] |= 1L << id % 64;
            }
        }
        return allowed;
    }

    static int[] tokens(Random random, int vocabulary, int count) {
        return random.ints(count, 0, vocabulary).toArray();
    }

    private static List<Integer> boxed(int[] tokens) {
        return IntStream.of(tokens).boxed().toList();
    }

    /** Even and odd tokens in turn, but for a few that are always allowed. */
    record Parity(int vocabulary) implements TokenConstraint {

        @Override
        public int start() {
            return 0;
        }

        @Override
        public int next(int state, int token) {
            return 1 - state;
        }

        @Override
        public long[] allowed(int state) {
            long[] allowed = new long[Math.ceilDiv(vocabulary, 64)];
            Arrays.fill(allowed, state == 0 ? 0x5555555555555555L : 0xaaaaaaaaaaaaaaaaL);
            if (allowed.length > 2) {
                allowed[allowed.length / 2] = 0;
            }
            return allowed;
        }

        @Override
        public boolean mustEnd(int state) {
            return false;
        }
    }
}
