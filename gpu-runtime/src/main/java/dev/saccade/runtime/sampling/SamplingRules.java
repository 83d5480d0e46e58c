package dev.saccade.runtime.sampling;

import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.SamplingParameters;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks a request's sampling parameters and fills in what it leaves out. */
public final class SamplingRules {

    private static final double MAX_TEMPERATURE = 100;
    private static final double MAX_PENALTY = 100;
    private static final double MAX_ADDED_PENALTY = 2;
    private static final double MAX_BIAS = 100;
    private static final int MAX_STOPS = 16;
    private static final int MAX_STOP_CHARACTERS = 1_000;
    private static final int MAX_STOP_TOKENS = 256;
    private static final int MAX_BIASES = 1_024;
    private static final int MAX_SAMPLES = 64;
    private static final int MAX_BAD_WORDS = 256;
    private static final int MAX_BAD_WORD_CHARACTERS = 1_000;
    private static final int MAX_LOGPROBS = 20;

    private final SamplingParameters defaults;
    private final int vocabularySize;
    private final int contextTokens;

    /**
     * Rules of one model.
     *
     * @param defaults the model's own, with every field that samples set
     * @param vocabularySize rows of the model's vocabulary
     * @param contextTokens longest prompt and answer together
     */
    public SamplingRules(SamplingParameters defaults, int vocabularySize, int contextTokens) {
        this.defaults = defaults;
        this.vocabularySize = vocabularySize;
        this.contextTokens = contextTokens;
    }

    /**
     * The parameters in force: what is given, else the model's default. {@code seed} and {@code maxTokens} stay null where
     * they aren't given, and {@code minTokens} becomes 0.
     *
     * @throws InvalidRequestException for a value out of range
     */
    public SamplingParameters resolve(SamplingParameters given) {
        validate(given);
        given.stopTokenIds().forEach(id -> requireToken("stop_token_ids", "invalid-stop-token-ids", id));
        given.logitBias().keySet().forEach(id -> requireToken("logit_bias", "invalid-logit-bias", id));
        given.allowedTokenIds().forEach(id -> requireToken("allowed_token_ids", "invalid-allowed-token-ids", id));
        Integer maxTokens = given.maxTokens();
        if (maxTokens != null && maxTokens > contextTokens) {
            throw invalid(
                    "max-tokens",
                    "max_tokens is " + maxTokens + ", but the model's context holds " + contextTokens
                            + " tokens; give less.");
        }
        return given.toBuilder()
                .temperature(or(given.temperature(), defaults.temperature(), 1.0))
                .topP(or(given.topP(), defaults.topP(), 1.0))
                .topK(or(given.topK(), defaults.topK(), 0))
                .minP(or(given.minP(), defaults.minP(), 0.0))
                .repetitionPenalty(or(given.repetitionPenalty(), defaults.repetitionPenalty(), 1.0))
                .presencePenalty(or(given.presencePenalty(), defaults.presencePenalty(), 0.0))
                .frequencyPenalty(or(given.frequencyPenalty(), defaults.frequencyPenalty(), 0.0))
                .minTokens(or(given.minTokens(), defaults.minTokens(), 0))
                .n(given.samples())
                .build();
    }

    private static <T> T or(@Nullable T given, @Nullable T fallback, T neutral) {
        if (given != null) {
            return given;
        }
        return fallback != null ? fallback : neutral;
    }

    private void requireToken(String field, String code, int id) {
        if (id >= vocabularySize) {
            throw new InvalidRequestException(
                    code, field + " names token " + id + ", but the vocabulary ends at " + (vocabularySize - 1) + ".");
        }
    }

    /**
     * The checks that need no model.
     *
     * @throws InvalidRequestException for a value out of range; its code names the field, e.g. {@code invalid-top-p}
     */
    public static void validate(SamplingParameters given) {
        range("temperature", given.temperature(), 0, true, MAX_TEMPERATURE);
        range("top_p", given.topP(), 0, false, 1);
        range("min_p", given.minP(), 0, true, 1);
        range("repetition_penalty", given.repetitionPenalty(), 0, false, MAX_PENALTY);
        range("presence_penalty", given.presencePenalty(), -MAX_ADDED_PENALTY, true, MAX_ADDED_PENALTY);
        range("frequency_penalty", given.frequencyPenalty(), -MAX_ADDED_PENALTY, true, MAX_ADDED_PENALTY);
        atLeast("top_k", given.topK(), 0);
        atLeast("max_tokens", given.maxTokens(), 1);
        atLeast("min_tokens", given.minTokens(), 0);
        atLeast("thinking_token_budget", given.thinkingTokenBudget(), 0);
        between("n", given.n(), 1, MAX_SAMPLES);
        between("logprobs", given.logprobs(), 0, MAX_LOGPROBS);
        between("prompt_logprobs", given.promptLogprobs(), 0, MAX_LOGPROBS);
        Integer max = given.maxTokens();
        Integer min = given.minTokens();
        if (max != null && min != null && min > max) {
            throw invalid("min-tokens", "min_tokens is " + min + ", which is more than max_tokens (" + max + ").");
        }
        validateStops(given);
        validateBias(given.logitBias());
        given.allowedTokenIds().forEach(id -> atLeast("allowed_token_ids", id, 0));
        validateBadWords(given.badWords());
        validateStructured(given);
    }

    private static void validateBadWords(List<String> badWords) {
        if (badWords.size() > MAX_BAD_WORDS) {
            throw invalid(
                    "bad-words", "bad_words has " + badWords.size() + " texts; the limit is " + MAX_BAD_WORDS + ".");
        }
        for (String word : badWords) {
            if (word.isBlank() || word.length() > MAX_BAD_WORD_CHARACTERS) {
                throw invalid(
                        "bad-words",
                        "bad_words has a text of " + word.strip().length() + " characters; give 1 to "
                                + MAX_BAD_WORD_CHARACTERS + ".");
            }
        }
    }

    /** A constrained answer ends where the constraint does, neither earlier nor later. */
    private static void validateStructured(SamplingParameters given) {
        if (given.structuredOutput() == null) {
            return;
        }
        if (given.ignoreEos()) {
            throw invalid(
                    "structured-output",
                    "structured output ends the answer, and ignore_eos forbids it to end; leave one of them out.");
        }
        Integer minTokens = given.minTokens();
        if (minTokens != null && minTokens > 0) {
            throw invalid(
                    "structured-output",
                    "structured output ends the answer, and min_tokens (" + minTokens
                            + ") may forbid it to end; leave one of them out.");
        }
    }

    private static void validateStops(SamplingParameters given) {
        if (given.stop().size() > MAX_STOPS) {
            throw invalid("stop", "stop has " + given.stop().size() + " strings; the limit is " + MAX_STOPS + ".");
        }
        for (String stop : given.stop()) {
            if (stop.isEmpty() || stop.length() > MAX_STOP_CHARACTERS) {
                throw invalid(
                        "stop",
                        "stop has a string of " + stop.length() + " characters; give 1 to " + MAX_STOP_CHARACTERS
                                + ".");
            }
        }
        if (given.stopTokenIds().size() > MAX_STOP_TOKENS) {
            throw invalid(
                    "stop-token-ids",
                    "stop_token_ids has " + given.stopTokenIds().size() + " ids; the limit is " + MAX_STOP_TOKENS
                            + ".");
        }
        given.stopTokenIds().forEach(id -> atLeast("stop_token_ids", id, 0));
    }

    private static void validateBias(Map<Integer, Double> biases) {
        if (biases.size() > MAX_BIASES) {
            throw invalid(
                    "logit-bias", "logit_bias has " + biases.size() + " entries; the limit is " + MAX_BIASES + ".");
        }
        biases.forEach((id, bias) -> {
            atLeast("logit_bias", id, 0);
            range("logit_bias", bias, -MAX_BIAS, true, MAX_BIAS);
        });
    }

    private static void range(String field, @Nullable Double value, double low, boolean lowIncluded, double high) {
        // written so that NaN fails
        if (value != null && !((lowIncluded ? value >= low : value > low) && value <= high)) {
            throw invalid(
                    field.replace('_', '-'),
                    field + " is " + value + "; give a number " + (lowIncluded ? "from " : "above ") + plain(low)
                            + (lowIncluded ? " to " : ", at most ") + plain(high) + ".");
        }
    }

    private static void atLeast(String field, @Nullable Integer value, int low) {
        if (value != null && value < low) {
            throw invalid(
                    field.replace('_', '-'), field + " is " + value + "; give an integer of at least " + low + ".");
        }
    }

    private static void between(String field, @Nullable Integer value, int low, int high) {
        if (value != null && (value < low || value > high)) {
            throw invalid(
                    field.replace('_', '-'),
                    field + " is " + value + "; give an integer from " + low + " to " + high + ".");
        }
    }

    private static String plain(double value) {
        return Long.toString((long) value);
    }

    private static InvalidRequestException invalid(String field, String message) {
        return new InvalidRequestException("invalid-" + field, message);
    }
}
