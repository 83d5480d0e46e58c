package dev.saccade.runtime.sampling;

import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.device.ScoreChanges;
import dev.saccade.runtime.device.TokenDraw;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the tokens of one sequence. What may not be written is out from the start, whatever its score: by allowed ids, the
 * constraint, bad words, and the ban on ending early. Then, in the order of vLLM: logit bias, repetition, presence and
 * frequency penalty, temperature, min-p, top-k, top-p. A token that the thinking budget or the frame of a constrained answer
 * demands comes before all of these.
 *
 * <p>A scan in single precision finds the tokens that can matter; whatever decides between them is double precision. For one
 * thread at a time, that of its scratch.
 */
public final class Sampler {

    /** Below it sampling is greedy, as in vLLM: nothing but the likeliest token has a chance. */
    private static final double LEAST_TEMPERATURE = 1e-5;

    /** The nucleus is looked for among tokens at least e^-4 as likely as the likeliest, then e^-8, and so on. */
    private static final double FIRST_DEPTH = 4;

    private static final double SAFETY = 1 + 1e-9;

    private final double temperature;
    private final double topP;
    private final int topK;
    private final double minP;
    private final int minTokens;
    private final long seed;
    private final long sequence;
    private final int[] ends;
    private final int[] endOfTurn;
    private final SamplingControls controls;
    private final Penalties penalties;
    private final @Nullable BadWords badWords;
    private final @Nullable Reasoning reasoning;
    private final SamplerScratch scratch;
    private final ScoreChanges changes = new ScoreChanges();
    private int constraintState;
    private double enough = FIRST_DEPTH; // a guess by the last step's nucleus; it changes the time only
    private int step;

    /**
     * A sampler at the first token of the answer.
     *
     * @param parameters resolved: every field that samples is set (see {@link SamplingRules#resolve})
     * @param seed of the request
     * @param sequence tells apart sequences of one request; 0 for the first
     * @param eosTokenIds the model's end-of-turn tokens
     * @param prompt token ids of the prompt
     * @param controls what the tokens have to keep to
     * @param scratch of the sampling thread, of the size of the logits
     */
    Sampler(
            SamplingParameters parameters,
            long seed,
            long sequence,
            Set<Integer> eosTokenIds,
            int[] prompt,
            SamplingControls controls,
            SamplerScratch scratch) {
        this.temperature = Objects.requireNonNull(parameters.temperature());
        this.topP = Objects.requireNonNull(parameters.topP());
        this.topK = Math.min(Objects.requireNonNull(parameters.topK()), scratch.vocabularySize());
        this.minP = Objects.requireNonNull(parameters.minP());
        this.minTokens = parameters.minTokens() == null ? 0 : parameters.minTokens();
        this.seed = seed;
        this.sequence = sequence;
        this.endOfTurn = parameters.ignoreEos() ? new int[0] : sorted(eosTokenIds);
        this.ends = IntStream.concat(
                        IntStream.of(endOfTurn),
                        parameters.stopTokenIds().stream().mapToInt(id -> id))
                .distinct()
                .sorted()
                .toArray();
        this.controls = controls;
        this.penalties = new Penalties(parameters, prompt);
        this.badWords = controls.badWords().isEmpty() ? null : new BadWords(controls.badWords());
        this.reasoning = controls.reasoning(parameters);
        this.scratch = scratch;
        TokenConstraint constraint = controls.constraint();
        this.constraintState = constraint == null ? 0 : constraint.start();
    }

    private static int[] sorted(Set<Integer> ids) {
        return ids.stream().mapToInt(id -> id).sorted().toArray();
    }

    /** As {@link #sample(float[], int)}, for logits that begin at 0. */
    public int sample(float[] logits) {
        return sample(logits, 0);
    }

    /**
     * Chooses the next token and counts it as part of the output.
     *
     * @param logits one for each row of the vocabulary, from {@code offset} on; changed while this runs, and as they were
     *     afterwards
     * @throws DeviceException where no logit is a finite number
     * @throws InvalidRequestException where bans and constraint leave no token
     */
    public int sample(float[] logits, int offset) {
        int token = forced() == Reasoning.FREE ? choose(logits, offset) : forced();
        add(token);
        return token;
    }

    /** As {@link #sample(float[], int)}; a token that is forced needs no logits. */
    int sample(LogitRows logits, int row) {
        int token = forced() == Reasoning.FREE ? choose(logits.row(row), 0) : forced();
        add(token);
        return token;
    }

    /** How a device is to draw the next token; null where it is forced. Used before the next call only. */
    @Nullable
    TokenDraw draw(int row) {
        if (forced() != Reasoning.FREE) {
            return null;
        }
        changes.clear();
        penalties.list(changes);
        ban(changes::ban);
        long[] allowed = mask();
        return new TokenDraw(
                row,
                temperature,
                topP,
                topK,
                minP,
                seed,
                sequence,
                step,
                changes,
                allowed == scratch.mask ? allowed.clone() : allowed);
    }

    private int forced() {
        return reasoning == null ? Reasoning.FREE : reasoning.forced();
    }

    /** Counts a token that a device drew, as after {@link #sample}. */
    void take(int token) {
        add(token);
    }

    /** Counts tokens that were written before, as after {@link #sample}; for a sampler that is made anew. */
    public void resume(int[] output, int count) {
        for (int i = 0; i < count; i++) {
            add(output[i]);
        }
    }

    private void add(int token) {
        TokenConstraint constraint = controls.constraint();
        if (constraint != null && constrained() && !ends(token)) {
            constraintState = constraint.next(constraintState, token);
        }
        penalties.add(token);
        if (badWords != null) {
            badWords.add(token);
        }
        if (reasoning != null) {
            reasoning.add(controls.bytes(token));
        }
        step++;
    }

    private boolean constrained() {
        return controls.constraint() != null && (reasoning == null || !reasoning.beforeAnswer());
    }

    /** Whether this token ends the answer: an end-of-turn token, unless ignored, or one of {@code stopTokenIds}. */
    public boolean ends(int token) {
        for (int end : ends) {
            if (end == token) {
                return true;
            }
        }
        return false;
    }

    /** Whether the constraint is met and leaves nothing more to write. */
    public boolean complete() {
        TokenConstraint constraint = controls.constraint();
        return constraint != null && constrained() && constraint.mustEnd(constraintState);
    }

    /** Tokens sampled so far. */
    public int tokens() {
        return step;
    }

    private int choose(float[] logits, int offset) {
        ScoreRow row = scratch.row;
        row.begin(logits, offset);
        try {
            double highest = prepare(row);
            if (temperature < LEAST_TEMPERATURE) {
                return scratch.candidates.likeliest();
            }
            double point = CounterRandom.uniform(seed, sequence, step);
            if (topK == 0 && topP == 1 && minP == 0) {
                return row.at(point * row.weigh(highest, temperature), highest, temperature);
            }
            limit(row, highest);
            return scratch.candidates.at(point);
        } finally {
            row.restore();
        }
    }

    /** For tests: the distribution that {@link #sample} draws from, as the chosen of the result. */
    Candidates distribution(float[] logits) {
        ScoreRow row = scratch.row;
        row.begin(logits, 0);
        try {
            limit(row, prepare(row));
            return scratch.candidates;
        } finally {
            row.restore();
        }
    }

    /** Bans, bias and penalties; the highest score, whose tokens are the candidates then. */
    private double prepare(ScoreRow row) {
        penalties.apply(row);
        ban(id -> row.set(id, Double.NEGATIVE_INFINITY));
        row.scan(mask());
        float highest = row.highest();
        if (!Float.isFinite(highest)) {
            throw unusable(highest == Float.NEGATIVE_INFINITY);
        }
        scratch.candidates.clear();
        row.gather(highest, scratch.candidates);
        return row.score(scratch.candidates.likeliest());
    }

    /** Bans what would complete a bad word, and what would end the answer too early. */
    private void ban(IntConsumer banned) {
        if (badWords != null) {
            badWords.ban(banned);
        }
        if (step < minTokens) {
            IntStream.of(ends).forEach(banned);
        } else if (reasoning != null && reasoning.beforeAnswer()) {
            IntStream.of(endOfTurn).forEach(banned);
        }
    }

    /** The tokens that may be written, a bit for each; null allows all. */
    private long @Nullable [] mask() {
        long[] allowed = controls.allowedIds();
        TokenConstraint constraint = controls.constraint();
        if (constraint == null || !constrained()) {
            return allowed;
        }
        long[] fitting = constraint.allowed(constraintState);
        if (allowed == null) {
            return fitting;
        }
        long[] both = scratch.mask;
        for (int i = 0; i < both.length; i++) {
            both[i] = i < fitting.length ? fitting[i] & allowed[i] : 0;
        }
        return both;
    }

    private EngineException unusable(boolean nothingLeft) {
        if (nothingLeft && (controls.restrict() || step < minTokens)) {
            return new InvalidRequestException(
                    "no-token-left",
                    "Structured output, allowed_token_ids, bad_words and min_tokens together leave no token to write"
                            + " after " + step + " tokens; relax one of them.");
        }
        return new DeviceException(
                "invalid-logits", "The model gave no usable score for any token; try the request again.");
    }

    /** Temperature, min-p, top-k and top-p; what is left are the chosen of the candidates. */
    private void limit(ScoreRow row, double highest) {
        Candidates candidates = scratch.candidates;
        double lowest = Math.log(minP);
        if (topK > 0) {
            gather(row, Math.max(row.reachedBy(topK), threshold(highest, lowest)));
            candidates.scale(highest, temperature, lowest);
            candidates.weigh();
            candidates.chooseCount(topK);
            if (topP < 1) {
                candidates.cutChosen(topP);
            }
        } else if (topP == 1 || minP > 0) {
            gather(row, threshold(highest, lowest));
            candidates.scale(highest, temperature, lowest);
            double all = candidates.weigh();
            if (topP == 1) {
                candidates.chooseAll();
            } else {
                candidates.chooseWeight(topP * all);
            }
        } else {
            nucleus(row, highest);
        }
    }

    /** Looks ever deeper, until what has been found holds the nucleus for certain. */
    private void nucleus(ScoreRow row, double highest) {
        double limit = topP * row.weigh(highest, temperature);
        double deepest = -Math.log((1 - topP) / (2.0 * row.size())); // what lies below can't be in it
        double depth = enough / 2;
        do {
            depth *= 2;
            gather(row, threshold(highest, -depth));
            scratch.candidates.scale(highest, temperature, -depth);
        } while (scratch.candidates.weigh() < limit * SAFETY && depth < deepest);
        enough = Math.max(FIRST_DEPTH, depth * 0.75);
        scratch.candidates.chooseWeight(limit);
    }

    private void gather(ScoreRow row, float threshold) {
        scratch.candidates.clear();
        row.gather(threshold, scratch.candidates);
    }

    /** A little below the score that becomes {@code lowest} under the temperature. */
    private float threshold(double highest, double lowest) {
        return Math.max(ScoreRow.LOWEST, Math.nextDown((float) (highest + lowest * temperature)));
    }
}
