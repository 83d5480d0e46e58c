package dev.saccade.ledger.jobs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a job that succeeded gave, and everything needed to get it again.
 *
 * @param text the whole output without special tokens
 * @param reasoning what stood between {@code <think>} tags; null where there was none
 * @param answer what stood between {@code <answer>} tags, else the text after the reasoning
 * @param visualTokens part of {@code promptTokens}
 * @param sampling the parameters in force, every default filled in
 * @param frames for each image and video, in prompt order, the frames that the model saw
 * @param completions all answers, of which {@code text}, {@code reasoning}, {@code answer} and {@code finishReason} are the first
 * @param promptLogprobs one for each token of the prompt but the first, where they were asked for
 * @param modelFingerprint SHA-256, in hex, over the checkpoint's content
 */
public record JobOutcome(
        String text,
        @Nullable String reasoning,
        String answer,
        String finishReason,
        int promptTokens,
        int completionTokens,
        int visualTokens,
        long seed,
        Sampling sampling,
        List<FramesUsed> frames,
        Timings timings,
        List<String> warnings,
        String modelName,
        String modelFingerprint,
        String engineVersion,
        List<Completion> completions,
        List<TokenLogprob> promptLogprobs) {

    /** With one answer and no log probabilities. */
    public JobOutcome(
            String text,
            @Nullable String reasoning,
            String answer,
            String finishReason,
            int promptTokens,
            int completionTokens,
            int visualTokens,
            long seed,
            Sampling sampling,
            List<FramesUsed> frames,
            Timings timings,
            List<String> warnings,
            String modelName,
            String modelFingerprint,
            String engineVersion) {
        this(
                text,
                reasoning,
                answer,
                finishReason,
                promptTokens,
                completionTokens,
                visualTokens,
                seed,
                sampling,
                frames,
                timings,
                warnings,
                modelName,
                modelFingerprint,
                engineVersion,
                List.of(new Completion(text, reasoning, answer, finishReason, completionTokens, List.of())),
                List.of());
    }

    /** The same with these answers for its own. */
    public JobOutcome withCompletions(List<Completion> others) {
        return new JobOutcome(
                text,
                reasoning,
                answer,
                finishReason,
                promptTokens,
                completionTokens,
                visualTokens,
                seed,
                sampling,
                frames,
                timings,
                warnings,
                modelName,
                modelFingerprint,
                engineVersion,
                others,
                promptLogprobs);
    }

    public JobOutcome {
        completions = List.copyOf(completions);
        promptLogprobs = List.copyOf(promptLogprobs);
        frames = List.copyOf(frames);
        warnings = List.copyOf(warnings);
    }
}
