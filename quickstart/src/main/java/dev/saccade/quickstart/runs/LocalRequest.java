package dev.saccade.quickstart.runs;

import dev.saccade.runtime.Completion;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.prompts.OutputContract;
import dev.saccade.runtime.prompts.ParsedOutput;
import dev.saccade.runtime.prompts.PromptCatalogue;
import dev.saccade.runtime.prompts.RenderedPrompt;
import dev.saccade.runtime.prompts.WrittenOutput;
import dev.saccade.runtime.text.SystemPrompts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question as the engine in this process takes it.
 *
 * @param contract how its answers are parsed; null leaves them as they are
 */
record LocalRequest(
        Question question,
        GenerationRequest generation,
        @Nullable OutputContract contract) {

    /** Why a prompt can't be about this clip, where it can't. */
    static Optional<String> refusal(Question question) {
        return question.wording() instanceof Question.Named named
                ? PromptCalls.refusal(named, MediaFiles.isImage(question.clip()))
                : Optional.empty();
    }

    /** @throws dev.saccade.quickstart.cli.UserError for a prompt that isn't there, or arguments that it doesn't take */
    static LocalRequest of(Question question) {
        return switch (question.wording()) {
            case Question.OwnWords words -> own(question, words);
            case Question.Named named -> named(question, named);
        };
    }

    private static LocalRequest own(Question question, Question.OwnWords words) {
        String system = words.reasoning() ? SystemPrompts.REASONING : SystemPrompts.PLAIN;
        GenerationRequest request = new GenerationRequest(
                List.of(Message.system(system), Message.user(media(question.clip()), new Part.Text(words.text()))),
                question.sampling().parameters(),
                question.vision().options(),
                false);
        return new LocalRequest(question, request, null);
    }

    private static LocalRequest named(Question question, Question.Named named) {
        RenderedPrompt asked = PromptCalls.render(named, question.sampling(), question.vision());
        return new LocalRequest(question, asked.request(List.of(media(question.clip()))), asked.contract());
    }

    private static Part media(Path clip) {
        return MediaFiles.isImage(clip) ? new Part.Image(clip) : new Part.Video(clip);
    }

    Outcome outcome(GenerationResult result) {
        return new Outcome(
                question.id(),
                result.completions().stream()
                        .map(completion -> sample(completion, result))
                        .toList(),
                result.modelFingerprint(),
                null);
    }

    private Outcome.Sample sample(Completion completion, GenerationResult result) {
        ParsedOutput parsed =
                contract == null ? null : PromptCatalogue.parse(contract, WrittenOutput.of(completion, result));
        return new Outcome.Sample(
                completion.text(),
                completion.answer(),
                parsed == null ? null : parsed.structure(),
                parsed == null ? null : parsed.error());
    }
}
