package dev.saccade.quickstart.runs;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What became of a question.
 *
 * @param id the question's
 * @param samples as many as were asked for; none where there is an error
 * @param model fingerprint of the checkpoint that answered
 * @param error why there is no answer, as a sentence
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Outcome(
        String id,
        List<Sample> samples,
        @Nullable String model,
        @Nullable String error) {

    /**
     * One answer.
     *
     * @param text all that the model wrote
     * @param answer the part of it behind the reasoning
     * @param parsed by the prompt's parser; null without a prompt, or where it could not be read
     * @param parseError what could not be read, and why
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Sample(
            String text,
            String answer,
            @Nullable JsonNode parsed,
            @Nullable String parseError) {}

    public Outcome {
        samples = List.copyOf(samples);
    }

    static Outcome failed(String id, String error) {
        return new Outcome(id, List.of(), null, error);
    }
}
