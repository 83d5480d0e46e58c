package dev.saccade.runtime.sampling;

import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.text.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the tokens of an answer have to keep to, beside their scores; shared by all answers of a request.
 *
 * @param allowedIds a bit for each token that may be written; null allows all
 * @param badWords token sequences that must not be written
 * @param constraint what the answer must look like
 * @param afterReasoning whether a constrained answer comes after a chain of thought
 * @param marks of reasoning and answer; null where neither a budget nor a constraint needs them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SamplingControls(
        long @Nullable [] allowedIds,
        List<int[]> badWords,
        @Nullable TokenConstraint constraint,
        boolean afterReasoning,
        @Nullable ReasoningMarks marks,
        @Nullable Tokenizer tokenizer) {

    /** Any token may follow any other. */
    static final SamplingControls NONE = new SamplingControls(null, List.of(), null, false, null, null);

    /** Whether some tokens are out. */
    boolean restrict() {
        return allowedIds != null || constraint != null || !badWords.isEmpty();
    }

    /** Follows a new answer's chain of thought; null where nothing depends on it. */
    @Nullable
    Reasoning reasoning(SamplingParameters parameters) {
        Integer budget = parameters.thinkingTokenBudget();
        boolean framed = constraint != null && afterReasoning;
        if (marks == null || (budget == null && !framed)) {
            return null;
        }
        return new Reasoning(marks, budget == null ? -1 : budget, framed);
    }

    /** What a token writes. */
    byte[] bytes(int token) {
        return tokenizer == null ? new byte[0] : tokenizer.bytes(token);
    }
}
