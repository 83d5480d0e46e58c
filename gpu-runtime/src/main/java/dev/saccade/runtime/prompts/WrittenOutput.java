package dev.saccade.runtime.prompts;

import dev.saccade.runtime.Completion;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.TokenLogprobs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model wrote, with what is known about it.
 *
 * @param text all of it
 * @param answer the part behind the reasoning
 * @param cutOff the tokens ran out
 * @param logprobs one for each token, or none
 * @param clip the stretch of time that the answer is about; null where it is about no video
 */
public record WrittenOutput(
        String text,
        String answer,
        boolean cutOff,
        List<TokenLogprobs> logprobs,
        @Nullable ClipSpan clip) {

    public WrittenOutput {
        logprobs = List.copyOf(logprobs);
    }

    /** One of a result's answers. */
    public static WrittenOutput of(Completion completion, GenerationResult result) {
        return new WrittenOutput(
                completion.text(),
                completion.answer(),
                completion.finishReason() == FinishReason.LENGTH,
                completion.logprobs(),
                ClipSpan.of(result.media()));
    }
}
