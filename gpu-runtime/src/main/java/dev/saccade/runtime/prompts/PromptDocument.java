package dev.saccade.runtime.prompts;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A prompt as JSON writes it, in snake_case, before anybody has checked it. {@link PromptReader} makes a {@link Prompt} of it.
 *
 * @param name lower-case letters, digits and underscores
 * @param version from 1
 * @param purpose a sentence for those who choose among prompts
 * @param system what the model is; takes no arguments
 * @param user what it is asked, with {@code {{name}}} where an argument belongs
 * @param vision which frames are looked at unless a request says otherwise
 * @param sampling how tokens are chosen unless a request says otherwise
 * @param reasoning on where nothing is given
 * @param output text where nothing is given
 */
public record PromptDocument(
        @Nullable String name,
        @Nullable Integer version,
        @Nullable String purpose,
        @Nullable String system,
        @Nullable String user,
        @Nullable List<@Nullable Parameter> parameters,
        @Nullable Media media,
        @Nullable PromptVision vision,
        @Nullable PromptSampling sampling,
        @Nullable ReasoningUse reasoning,
        @Nullable Output output) {

    /**
     * An argument that the prompt takes.
     *
     * @param required it has to be given; one that needn't be and has no default is left out of the text, with its line
     * @param defaultValue what stands for one that isn't given
     * @param min least characters of a text (of each option), or least value of a number
     * @param max most characters of a text (of each option), or largest value of a number
     * @param values what {@code one_of} takes
     */
    public record Parameter(
            @Nullable String name,
            @Nullable String description,
            @Nullable ParameterType type,
            @Nullable Boolean required,

            @com.fasterxml.jackson.annotation.JsonProperty("default") @Nullable
            JsonNode defaultValue,

            @Nullable Double min,
            @Nullable Double max,
            @Nullable List<@Nullable String> values) {}

    /** How many videos and images it is about; at least {@code min}, at most {@code max} of the kinds that are allowed. */
    public record Media(
            @Nullable Integer min,
            @Nullable Integer max,
            @Nullable Boolean videos,
            @Nullable Boolean images) {}

    /**
     * What becomes of answers.
     *
     * @param field the name under which the parser {@code text} gives the answer
     * @param schema the JSON schema that the structure is checked against
     * @param constrained decoding keeps to the schema, or to the options' letters, after the reasoning
     */
    public record Output(
            @Nullable ParserKind parser,
            @Nullable String field,
            @Nullable JsonNode schema,
            @Nullable Boolean constrained) {}
}
