package dev.saccade.runtime.prompts;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One version of a named prompt, checked. A version's text never changes once it is published: another text is another
 * version.
 *
 * @param version from 1
 * @param system takes no arguments, so that nothing that a user writes stands in the system's turn
 * @param user the user's turn after its media, with {@code {{name}}} where an argument belongs
 * @param schema what answers' structures are checked against
 * @param field the name under which {@link ParserKind#TEXT} gives the answer
 * @param constrained decoding keeps to the schema, or to the options' letters
 */
public record Prompt(
        String name,
        int version,
        String purpose,
        String system,
        String user,
        List<PromptParameter> parameters,
        Media media,
        PromptVision vision,
        PromptSampling sampling,
        ReasoningUse reasoning,
        ParserKind parser,
        String field,
        @Nullable JsonNode schema,
        boolean constrained) {

    /** How many videos and images a prompt is about, and of which kinds. */
    public record Media(int min, int max, boolean videos, boolean images) {}

    public Prompt {
        parameters = List.copyOf(parameters);
    }

    /**
     * What the model is to be asked.
     *
     * @param reasoning null leaves it to the prompt
     * @throws PromptException with pointers below {@code /arguments} or to {@code /reasoning}
     */
    public RenderedPrompt render(Map<String, JsonNode> arguments, @Nullable Boolean reasoning) {
        return new PromptRendering(this).render(arguments, reasoning);
    }

    /** The same as another version. */
    public Prompt withVersion(int other) {
        return new Prompt(
                name,
                other,
                purpose,
                system,
                user,
                parameters,
                media,
                vision,
                sampling,
                reasoning,
                parser,
                field,
                schema,
                constrained);
    }

    /** As JSON documents show it. */
    public PromptDocument document() {
        return new PromptDocument(
                name,
                version,
                purpose,
                system,
                user,
                parameters.stream()
                        .<PromptDocument.@Nullable Parameter>map(Prompt::document)
                        .toList(),
                new PromptDocument.Media(media.min(), media.max(), media.videos(), media.images()),
                vision,
                sampling,
                reasoning,
                new PromptDocument.Output(parser, parser == ParserKind.TEXT ? field : null, schema, constrained));
    }

    private static PromptDocument.Parameter document(PromptParameter parameter) {
        return new PromptDocument.Parameter(
                parameter.name(),
                parameter.description(),
                parameter.type(),
                parameter.required(),
                parameter.defaultValue(),
                parameter.min(),
                parameter.max(),
                parameter.values().isEmpty() ? null : List.copyOf(parameter.values()));
    }
}
