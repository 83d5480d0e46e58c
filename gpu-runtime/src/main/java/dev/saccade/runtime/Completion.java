package dev.saccade.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer to a request.
 *
 * @param text the whole output, without special tokens unless they were asked for
 * @param reasoning what stands between {@code <think>} and {@code </think>}, trimmed; null where there is none
 * @param answer what stands between {@code <answer>} and {@code </answer>}, trimmed; else the text after the reasoning
 * @param tokens tokens written
 * @param logprobs one for each token, where they were asked for
 */
public record Completion(
        String text,
        @Nullable String reasoning,
        String answer,
        FinishReason finishReason,
        int tokens,
        List<TokenLogprobs> logprobs) {

    public Completion {
        logprobs = List.copyOf(logprobs);
    }
}
