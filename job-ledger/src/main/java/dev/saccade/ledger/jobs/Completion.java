package dev.saccade.ledger.jobs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the answers that a job asked for.
 *
 * @param text the whole output
 * @param reasoning what stood between {@code <think>} tags; null where there was none
 * @param answer what stood between {@code <answer>} tags, else the text after the reasoning
 * @param tokens tokens written
 * @param logprobs one for each token, where they were asked for
 * @param parsed the structure that the prompt's parser made of it, as JSON text; null without a prompt, or where it failed
 * @param parseError what the parser could not read, and why
 */
public record Completion(
        String text,
        @Nullable String reasoning,
        String answer,
        String finishReason,
        int tokens,
        List<TokenLogprob> logprobs,
        @Nullable String parsed,
        @Nullable String parseError) {

    public Completion {
        logprobs = List.copyOf(logprobs);
    }

    /** Without a prompt whose parser read it. */
    public Completion(
            String text,
            @Nullable String reasoning,
            String answer,
            String finishReason,
            int tokens,
            List<TokenLogprob> logprobs) {
        this(text, reasoning, answer, finishReason, tokens, logprobs, null, null);
    }

    /** Whether all that it says stands in a result's own fields. */
    boolean isPlain() {
        return logprobs.isEmpty() && parsed == null && parseError == null;
    }
}
