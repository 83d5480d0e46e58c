package dev.saccade.quickstart.ask;

import dev.saccade.runtime.Completion;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.TokenLogprobs;
import dev.saccade.runtime.prompts.ParsedOutput;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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

    /**
     * One of the answers, the first of which the other fields show, too.
     *
     * @param parsed what the prompt's parser made of it; null without a prompt, or where it could not be read
     * @param parseError what could not be read, and why
     */
    record Answer(
            String answer,
            @Nullable String reasoning,
            String text,
            String finishReason,
            int tokens,
            List<TokenLogprobs> logprobs,
            @Nullable JsonNode parsed,
            @Nullable String parseError) {

        static Answer of(Completion completion, @Nullable ParsedOutput parsed) {
            return new Answer(
                    completion.answer(),
                    completion.reasoning(),
                    completion.text(),
                    completion.finishReason().name().toLowerCase(Locale.ROOT),
                    completion.tokens(),
                    completion.logprobs(),
                    parsed == null ? null : parsed.structure(),
                    parsed == null ? null : parsed.error());
        }
    }

    /** @param parser reads an answer by the prompt; gives null without one */
    static AskAnswer of(GenerationResult result, Function<Completion, @Nullable ParsedOutput> parser) {
        GenerationResult.MediaUsed media = result.media().getFirst();
        return new AskAnswer(
                result.answer(),
                result.reasoning(),
                result.text(),
                result.usage(),
                new Frames(media.indices(), media.seconds(), media.sampledFps(), media.height(), media.width()),
                result.timings(),
                result.finishReason().name().toLowerCase(Locale.ROOT),
                result.completions().stream()
                        .map(completion -> Answer.of(completion, parser.apply(completion)))
                        .toList(),
                result.warnings(),
                result.seed(),
                result.modelFingerprint());
    }
}
