package dev.saccade.runtime.sampling;

import dev.saccade.runtime.SamplingParameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/** Sampling as its definition reads, in double precision over the whole vocabulary, to compare the fast one with. */
final class PlainSampling {

    /** What is less likely is never drawn and may be left out. */
    private static final double NEVER = Math.exp(-700);

    private PlainSampling() {}

    /** Ids in the order in which the cumulative distribution runs through them, with their probabilities. */
    record Choice(List<Integer> ids, List<Double> probabilities) {

        int at(double point) {
            double left = point;
            for (int i = 0; i < ids.size() - 1; i++) {
                left -= probabilities.get(i);
                if (left < 0) {
                    return ids.get(i);
                }
            }
            return ids.getLast();
        }
    }

    /** Scores after bans, bias and penalties. */
    static double[] scores(
            float[] logits,
            SamplingParameters parameters,
            List<Integer> prompt,
            List<Integer> output,
            Set<Integer> banned) {
        double repetition = Objects.requireNonNull(parameters.repetitionPenalty());
        double presence = Objects.requireNonNull(parameters.presencePenalty());
        double frequency = Objects.requireNonNull(parameters.frequencyPenalty());
        Set<Integer> seen = new HashSet<>(prompt);
        seen.addAll(output);
        Map<Integer, Integer> counts = new HashMap<>();
        output.forEach(token -> counts.merge(token, 1, Integer::sum));
        double[] scores = new double[logits.length];
        for (int id = 0; id < scores.length; id++) {
            double score = logits[id] + parameters.logitBias().getOrDefault(id, 0.0);
            if (seen.contains(id)) {
                score = score > 0 ? score / repetition : score * repetition;
            }
            int count = counts.getOrDefault(id, 0);
            if (count > 0) {
                score -= presence + frequency * count;
            }
            scores[id] = banned.contains(id) ? Double.NEGATIVE_INFINITY : score;
        }
        return scores;
    }

    static int likeliest(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .max(Comparator.<Integer>comparingDouble(id -> scores[id]).thenComparing(Comparator.reverseOrder()))
                .orElseThrow();
    }

    static Choice choice(double[] scores, SamplingParameters parameters) {
        double temperature = Objects.requireNonNull(parameters.temperature());
        double minP = Objects.requireNonNull(parameters.minP());
        double topP = Objects.requireNonNull(parameters.topP());
        int topK = Objects.requireNonNull(parameters.topK());
        double highest = scores[likeliest(scores)];
        double[] weights = new double[scores.length];
        List<Integer> ids = new ArrayList<>();
        for (int id = 0; id < scores.length; id++) {
            weights[id] = Math.exp((scores[id] - highest) / temperature);
            if (weights[id] > NEVER && weights[id] >= minP) {
                ids.add(id);
            }
        }
        if (topK > 0 || topP < 1) {
            ids.sort(Comparator.<Integer>comparingDouble(id -> -scores[id]).thenComparing(id -> id));
        }
        if (topK > 0) {
            double kth = scores[ids.get(Math.min(topK, ids.size()) - 1)];
            ids.removeIf(id -> scores[id] < kth);
        }
        double all = ids.stream().mapToDouble(id -> weights[id]).sum();
        List<Integer> kept = new ArrayList<>();
        double sum = 0;
        for (int id : ids) {
            if (kept.isEmpty() || topP == 1 || sum < topP * all) {
                kept.add(id);
                sum += weights[id];
            }
        }
        double total = sum;
        return new Choice(kept, kept.stream().map(id -> weights[id] / total).toList());
    }
}
