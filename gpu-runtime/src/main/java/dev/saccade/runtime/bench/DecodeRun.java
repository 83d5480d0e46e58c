package dev.saccade.runtime.bench;

import dev.saccade.runtime.Engine;
import dev.saccade.runtime.Generation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Requests that were submitted together and have all been answered.
 *
 * @param tokensPerSecond of all together, from when the last one had begun to write until the first one had ended; where
 *     too little time lies between, from the first token of all to the last
 */
record DecodeRun(int concurrency, double tokensPerSecond, double timeToFirstTokenMillis, double interTokenMillis) {

    /** Of each request, that a stretch of time must hold to be worth measuring. */
    private static final int LEAST_TOKENS = 4;

    static DecodeRun of(Engine engine, Requests requests, int concurrency, int promptTokens, int outputTokens) {
        List<TokenTimes> times = new ArrayList<>();
        List<Generation> generations = new ArrayList<>();
        for (int i = 0; i < concurrency; i++) {
            TokenTimes listener = new TokenTimes(outputTokens);
            times.add(listener);
            generations.add(engine.submit(requests.ofTokens(promptTokens, outputTokens), listener));
        }
        for (Generation generation : generations) {
            Requests.requireLength(generation.result().join(), outputTokens);
        }
        Window together = new Window(
                times.stream().mapToLong(TokenTimes::first).max().orElseThrow(),
                times.stream().mapToLong(TokenTimes::last).min().orElseThrow());
        Window all = new Window(
                times.stream().mapToLong(TokenTimes::first).min().orElseThrow(),
                times.stream().mapToLong(TokenTimes::last).max().orElseThrow());
        long enough = LEAST_TOKENS * (long) concurrency;
        Window measured = together.tokens(times) >= enough ? together : all;
        double[] gaps =
                times.stream().flatMapToDouble(one -> Arrays.stream(one.gaps())).toArray();
        double[] firsts = times.stream().mapToDouble(TokenTimes::firstMillis).toArray();
        return new DecodeRun(concurrency, measured.tokensPerSecond(times), median(firsts), median(gaps));
    }

    /** A stretch of time, in nanoseconds. */
    private record Window(long from, long to) {

        long tokens(List<TokenTimes> times) {
            return times.stream().mapToLong(one -> one.between(from, to)).sum();
        }

        double tokensPerSecond(List<TokenTimes> times) {
            return tokens(times) / Math.max(1e-9, (to - from) / 1e9);
        }
    }

    DecodeRun faster(DecodeRun other) {
        return other.tokensPerSecond > tokensPerSecond ? other : this;
    }

    /** Seconds of a step in which every request writes one token. */
    double stepSeconds() {
        return concurrency / tokensPerSecond;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
    }
}
