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
 */
public record Completion(
        String text,
        @Nullable String reasoning,
        String answer,
        String finishReason,
        int tokens,
        List<TokenLogprob> logprobs) {

    public Completion {
        logprobs = List.copyOf(logprobs);
    }
}
