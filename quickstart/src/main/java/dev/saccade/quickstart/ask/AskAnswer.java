package dev.saccade.quickstart.ask;

import dev.saccade.runtime.Completion;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.TokenLogprobs;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code ask --json} prints. Other programs rely on these names. */
record AskAnswer(
        String answer,
        @Nullable String reasoning,
        String text,
        GenerationResult.Usage usage,
        Frames frames,
        GenerationResult.Timings timings,
        String finishReason,
        List<Answer> completions,
        List<String> warnings,
        long seed,
        String modelFingerprint) {

    /** The frames that the model saw: numbers in the clip, their times, and their size in pixels. */
    record Frames(List<Integer> indices, List<Double> seconds, double sampledFps, int height, int width) {}

    /** One of the answers, the first of which the other fields show, too. */
    record Answer(
            String answer,
            @Nullable String reasoning,
            String text,
            String finishReason,
            int tokens,
            List<TokenLogprobs> logprobs) {

        static Answer of(Completion completion) {
            return new Answer(
                    completion.answer(),
                    completion.reasoning(),
                    completion.text(),
                    completion.finishReason().name().toLowerCase(Locale.ROOT),
                    completion.tokens(),
                    completion.logprobs());
        }
    }

    static AskAnswer of(GenerationResult result) {
        GenerationResult.MediaUsed media = result.media().getFirst();
        return new AskAnswer(
                result.answer(),
                result.reasoning(),
                result.text(),
                result.usage(),
                new Frames(media.indices(), media.seconds(), media.sampledFps(), media.height(), media.width()),
                result.timings(),
                result.finishReason().name().toLowerCase(Locale.ROOT),
                result.completions().stream().map(Answer::of).toList(),
                result.warnings(),
                result.seed(),
                result.modelFingerprint());
    }
}
