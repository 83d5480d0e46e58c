package dev.saccade.runtime.sampling;

import dev.saccade.runtime.SamplingParameters;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Prints how long one token takes to sample, in nanoseconds: the best of many passes over 64 rows of normal noise, for two
 * sizes of vocabulary. Beside it stands a plain vector maximum over the same rows, the limit of greedy sampling.
 */
final class SamplerMeasurement {

    private static final int ROWS = 64;
    private static final long NANOSECONDS_EACH = 2_500_000_000L; // the compiler needs its time on a busy machine

    /** Processor time, so that what else runs on the machine is not counted. */
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private SamplerMeasurement() {}

    public static void main(String[] arguments) {
        SamplerWarmup.run(() -> false);
        for (int vocabulary : new int[] {768, 152_064}) {
            float[][] rows = rows(vocabulary);
            SamplerScratch scratch = new SamplerScratch(vocabulary);
            System.out.printf("vocabulary %,d%n", vocabulary);
            float[] maxima = new float[RowScan.tiles(vocabulary) * RowScan.LANES];
            print("one scan", best(() -> {
                for (float[] row : rows) {
                    RowScan.maxima(row, 0, vocabulary, maxima);
                }
            }));
            kinds().forEach((name, change) -> {
                SamplingControls controls = name.startsWith("constrained")
                        ? new SamplingControls(
                                null, List.of(), constraint(vocabulary, name.endsWith("few")), false, null, null)
                        : SamplingControls.NONE;
                SamplingParameters parameters = SamplingParametersFixture.with(change);
                int[] prompt = new Random(5).ints(300, 0, vocabulary).toArray();
                Sampler[] samplers = IntStream.range(0, ROWS)
                        .mapToObj(i -> new Sampler(parameters, 1, i, Set.of(7), prompt, controls, scratch))
                        .toArray(Sampler[]::new);
                print(name, best(() -> {
                    for (int i = 0; i < ROWS; i++) {
                        samplers[i].sample(rows[i]);
                    }
                }));
            });
        }
    }

    private static Map<String, Consumer<SamplingParameters.Builder>> kinds() {
        Map<String, Consumer<SamplingParameters.Builder>> kinds = new LinkedHashMap<>();
        kinds.put("greedy", draft -> draft.temperature(0.0));
        kinds.put("temperature 0.6", draft -> draft.temperature(0.6));
        kinds.put("top-p 0.95", draft -> draft.temperature(0.6).topP(0.95));
        kinds.put("top-k 20", draft -> draft.temperature(0.6).topK(20));
        kinds.put(
                "top-k 50, top-p 0.95", draft -> draft.temperature(0.6).topK(50).topP(0.95));
        kinds.put("greedy, penalties", draft -> draft.temperature(0.0).repetitionPenalty(1.05));
        kinds.put(
                "top-p 0.95, penalties",
                draft -> draft.temperature(0.6)
                        .topP(0.95)
                        .repetitionPenalty(1.05)
                        .presencePenalty(0.1));
        kinds.put("constrained, half", draft -> draft.temperature(0.6).topP(0.95));
        kinds.put("constrained, few", draft -> draft.temperature(0.6).topP(0.95));
        return kinds;
    }

    private static TokenConstraint constraint(int vocabulary, boolean few) {
        long[] allowed = new long[Math.ceilDiv(vocabulary, Long.SIZE)];
        if (few) {
            allowed[3] = 5;
        } else {
            Arrays.fill(allowed, 0x5555555555555555L);
        }
        return new TokenConstraint() {
            @Override
            public int start() {
                return 0;
            }

            @Override
            public int next(int state, int token) {
                return 0;
            }

            @Override
            public long[] allowed(int state) {
                return allowed;
            }

            @Override
            public boolean mustEnd(int state) {
                return false;
            }
        };
    }

    private static float[][] rows(int vocabulary) {
        Random random = new Random(3);
        float[][] rows = new float[ROWS][vocabulary];
        for (float[] row : rows) {
            for (int i = 0; i < vocabulary; i++) {
                row[i] = (float) (3 * random.nextGaussian());
            }
        }
        return rows;
    }

    private static double best(Runnable round) {
        double best = Double.MAX_VALUE;
        long end = System.nanoTime() + NANOSECONDS_EACH;
        while (System.nanoTime() < end) {
            long start = THREADS.getCurrentThreadCpuTime();
            round.run();
            best = Math.min(best, (double) (THREADS.getCurrentThreadCpuTime() - start) / ROWS);
        }
        return best;
    }

    private static void print(String name, double nanoseconds) {
        System.out.printf("  %-24s %,10.0f ns%n", name, nanoseconds);
    }
}
