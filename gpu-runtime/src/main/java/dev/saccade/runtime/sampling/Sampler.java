package dev.saccade.runtime.sampling;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.SamplingParameters;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Chooses the tokens of one sequence, in the order of vLLM: logit bias, repetition, presence and frequency penalty,
 * temperature, min-p, top-k, top-p. Scores are double precision. For one thread at a time, that of its scratch.
 */
public final class Sampler {

    private final SamplingParameters parameters;
    private final double temperature;
    private final double topP;
    private final int topK;
    private final double minP;
    private final double repetitionPenalty;
    private final double presencePenalty;
    private final double frequencyPenalty;
    private final int minTokens;
    private final long seed;
    private final long sequence;
    private final Set<Integer> eosTokenIds;
    private final SamplerScratch scratch;
    private final TokenCounts counts = new TokenCounts();
    private int step;

    /**
     * A sampler at the first token of the answer.
     *
     * @param parameters resolved: every field that samples is set (see {@link SamplingRules#resolve})
     * @param seed of the request
     * @param sequence tells apart sequences of one request; 0 for the first
     * @param eosTokenIds the model's end-of-turn tokens
     * @param prompt token ids of the prompt
     * @param scratch of the sampling thread, of the size of the logits
     */
    public Sampler(
            SamplingParameters parameters,
            long seed,
            long sequence,
            Set<Integer> eosTokenIds,
            int[] prompt,
            SamplerScratch scratch) {
        this.parameters = parameters;
        this.temperature = Objects.requireNonNull(parameters.temperature());
        this.topP = Objects.requireNonNull(parameters.topP());
        this.topK = Objects.requireNonNull(parameters.topK());
        this.minP = Objects.requireNonNull(parameters.minP());
        this.repetitionPenalty = Objects.requireNonNull(parameters.repetitionPenalty());
        this.presencePenalty = Objects.requireNonNull(parameters.presencePenalty());
        this.frequencyPenalty = Objects.requireNonNull(parameters.frequencyPenalty());
        this.minTokens = parameters.minTokens() == null ? 0 : parameters.minTokens();
        this.seed = seed;
        this.sequence = sequence;
        this.eosTokenIds = Set.copyOf(eosTokenIds);
        this.scratch = scratch;
        counts.addPrompt(prompt);
    }

    /**
     * Chooses the next token and counts it as part of the output.
     *
     * @param logits one for each row of the vocabulary; left as they are
     * @throws DeviceException where no logit is a finite number
     */
    public int sample(float[] logits) {
        return sample(logits, 0);
    }

    /** As {@link #sample(float[])}, for logits that begin at {@code offset}. */
    public int sample(float[] logits, int offset) {
        double[] scores = scratch.scores;
        for (int i = 0; i < scores.length; i++) {
            scores[i] = logits[offset + i];
        }
        adjust(scores);
        int token = temperature == 0
                ? likeliest(scores)
                : distribution(scores).at(CounterRandom.uniform(seed, sequence, step));
        counts.addOutput(token);
        step++;
        return token;
    }

    /** Whether this token ends the answer: an end-of-turn token, unless ignored, or one of {@code stopTokenIds}. */
    public boolean ends(int token) {
        return parameters.stopTokenIds().contains(token) || (!parameters.ignoreEos() && eosTokenIds.contains(token));
    }

    /** Tokens sampled so far. */
    public int tokens() {
        return step;
    }

    /** For tests: counts tokens as if they had been sampled. */
    void resume(int... output) {
        for (int token : output) {
            counts.addOutput(token);
            step++;
        }
    }

    /** Bias, penalties and the ban on ending early; only tokens of the bias and of the sequence are touched. */
    void adjust(double[] scores) {
        for (Map.Entry<Integer, Double> bias : parameters.logitBias().entrySet()) {
            scores[bias.getKey()] += bias.getValue();
        }
        if (repetitionPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0) {
            penalise(scores);
        }
        if (step < minTokens) {
            if (!parameters.ignoreEos()) {
                eosTokenIds.forEach(id -> scores[id] = Double.NEGATIVE_INFINITY);
            }
            parameters.stopTokenIds().forEach(id -> scores[id] = Double.NEGATIVE_INFINITY);
        }
    }

    private void penalise(double[] scores) {
        for (int slot = 0; slot < counts.size(); slot++) {
            int id = counts.id(slot);
            double score = scores[id];
            score = score > 0 ? score / repetitionPenalty : score * repetitionPenalty;
            int outputs = counts.outputs(slot);
            if (outputs > 0) {
                score -= presencePenalty + frequencyPenalty * outputs;
            }
            scores[id] = score;
        }
    }

    private static int likeliest(double[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            // a NaN at 0 must not win
            if (scores[i] > scores[best] || Double.isNaN(scores[best])) {
                best = i;
            }
        }
        if (!Double.isFinite(scores[best])) {
            throw new DeviceException(
                    "invalid-logits", "The model gave no usable score for any token; try the request again.");
        }
        return best;
    }

    /** Temperature, min-p, top-k and top-p over adjusted scores, which are scaled in place. */
    Distribution distribution(double[] scores) {
        double highest = scores[likeliest(scores)];
        double floor = Math.log(minP);
        double lowest = Math.max(floor, topK == 0 ? negligible(scores.length) : Double.NEGATIVE_INFINITY);
        int[] candidates = scratch.candidates;
        int size = 0;
        double all = 0;
        for (int i = 0; i < scores.length; i++) {
            // the highest score becomes 0, so that no weight overflows
            double score = (scores[i] - highest) / temperature;
            scores[i] = score;
            if (score >= lowest) {
                candidates[size++] = i;
            }
            if (topK == 0 && topP < 1 && score >= floor) {
                all += Math.exp(score);
            }
        }
        if (topK == 0 && topP == 1) {
            return whole(scores, candidates, size);
        }
        return limited(scores, new Candidates(scores, candidates, size), size, all);
    }

    private double negligible(int vocabulary) {
        return topP == 1 ? Double.NEGATIVE_INFINITY : Math.log((1 - topP) / (2.0 * vocabulary));
    }

    private Distribution whole(double[] scores, int[] candidates, int size) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            double weight = Math.exp(scores[candidates[size - 1 - i]]);
            scratch.weights[i] = weight;
            sum += weight;
        }
        return new Distribution(candidates, scratch.weights, 0, size, sum);
    }

    private Distribution limited(double[] scores, Candidates candidates, int size, double all) {
        double[] weights = scratch.weights;
        int taken = 0;
        double sum = 0;
        double kth = Double.NEGATIVE_INFINITY;
        while (!candidates.isEmpty()) {
            double score = scores[candidates.peek()];
            if (topK > 0 ? taken >= topK && score < kth : sum >= topP * all) {
                break;
            }
            candidates.poll();
            kth = score;
            weights[taken++] = Math.exp(score);
            sum += weights[taken - 1];
        }
        int kept = taken;
        if (topK > 0 && topP < 1) {
            double limit = topP * sum;
            sum = 0;
            kept = 0;
            while (kept < taken && (kept == 0 || sum < limit)) {
                sum += weights[kept++];
            }
        }
        return new Distribution(scratch.candidates, weights, size - kept, kept, sum);
    }
}
