package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.runtime.Completion;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.prompts.OutputContract;
import dev.saccade.runtime.prompts.ParsedOutput;
import dev.saccade.runtime.prompts.Prompt;
import dev.saccade.runtime.prompts.PromptCatalogue;
import dev.saccade.runtime.prompts.PromptException;
import dev.saccade.runtime.prompts.PromptSampling;
import dev.saccade.runtime.prompts.PromptVision;
import dev.saccade.runtime.prompts.RenderedPrompt;
import dev.saccade.runtime.prompts.WrittenOutput;
import dev.saccade.runtime.text.SystemPrompts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

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
        if (!(question.wording() instanceof Question.Named named)) {
            return Optional.empty();
        }
        Prompt.Media allowed = prompt(named).media();
        boolean taken = MediaFiles.isImage(question.clip()) ? allowed.images() : allowed.videos();
        return taken
                ? Optional.empty()
                : Optional.of("The prompt " + named.prompt() + " takes " + (allowed.videos() ? "videos" : "images")
                        + " only.");
    }

    /** @throws UserError for a prompt that isn't there, or arguments that it doesn't take */
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
        RenderedPrompt rendered;
        try {
            rendered = prompt(named).render(named.arguments(), named.reasoning());
        } catch (PromptException wrong) {
            throw new UserError(String.valueOf(wrong.getMessage()), wrong);
        }
        RenderedPrompt asked = new RenderedPrompt(
                rendered.system(),
                rendered.user(),
                merged(rendered.vision(), question.vision(), PromptVision.class),
                merged(rendered.sampling(), question.sampling(), PromptSampling.class),
                rendered.structuredOutput(),
                rendered.contract());
        return new LocalRequest(question, asked.request(List.of(media(question.clip()))), rendered.contract());
    }

    /** As the catalogue has it. */
    static Prompt prompt(Question.Named named) {
        Integer version = named.version();
        return (version == null ? PromptCatalogue.find(named.prompt()) : PromptCatalogue.find(named.prompt(), version))
                .orElseThrow(() -> new UserError("there is no prompt " + named.prompt()
                        + (version == null ? "" : " in version " + version) + "; docs/prompts.md lists all"));
    }

    /** The defaults, and over them what was asked for. */
    private static <T> T merged(T defaults, T asked, Class<T> type) {
        ObjectNode merged = Json.MAPPER.valueToTree(defaults);
        ObjectNode given = Json.MAPPER.valueToTree(asked);
        given.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> merged.set(field.getKey(), field.getValue()));
        return Json.MAPPER.treeToValue(merged, type);
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
