package dev.saccade.runtime.sampling;

import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.device.ScoreChanges;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/** Logit bias, repetition, presence and frequency penalty of one sequence, in this order. */
final class Penalties {

    private final int[] biased;
    private final double[] biases;
    private final double repetition;
    private final double presence;
    private final double frequency;
    private final boolean counting;
    private final TokenCounts counts = new TokenCounts();

    Penalties(SamplingParameters parameters, int[] prompt) {
        Map<Integer, Double> bias = parameters.logitBias();
        this.biased = bias.keySet().stream().mapToInt(id -> id).sorted().toArray();
        this.biases = new double[biased.length];
        for (int i = 0; i < biased.length; i++) {
            biases[i] = Objects.requireNonNull(bias.get(biased[i]));
        }
        this.repetition = Objects.requireNonNull(parameters.repetitionPenalty());
        this.presence = Objects.requireNonNull(parameters.presencePenalty());
        this.frequency = Objects.requireNonNull(parameters.frequencyPenalty());
        this.counting = repetition != 1 || presence != 0 || frequency != 0;
        if (repetition != 1) {
            counts.addPrompt(prompt);
        }
    }

    /** A token has been written. */
    void add(int token) {
        if (counting) {
            counts.addOutput(token);
        }
    }

    /** Changes the scores of the biased tokens and of those seen. */
    void apply(ScoreRow row) {
        for (int i = 0; i < biased.length; i++) {
            row.set(biased[i], row.score(biased[i]) + biases[i]);
        }
        if (!counting) {
            return;
        }
        for (int slot = 0; slot < counts.size(); slot++) {
            int id = counts.id(slot);
            double score = row.score(id);
            score = score > 0 ? score / repetition : score * repetition;
            int outputs = counts.outputs(slot);
            if (outputs > 0) {
                score -= presence + frequency * outputs;
            }
            row.set(id, score);
        }
    }

    /** Lists the same changes for a device. */
    void list(ScoreChanges changes) {
        for (int i = 0; i < biased.length; i++) {
            if (!counting || !counts.has(biased[i])) {
                changes.change(biased[i], biases[i], 1, 0);
            }
        }
        for (int slot = 0; counting && slot < counts.size(); slot++) {
            int id = counts.id(slot);
            int outputs = counts.outputs(slot);
            double subtracted = outputs > 0 ? presence + frequency * outputs : 0;
            changes.change(id, bias(id), repetition, subtracted);
        }
    }

    private double bias(int id) {
        int place = Arrays.binarySearch(biased, id);
        return place < 0 ? 0 : biases[place];
    }
}
