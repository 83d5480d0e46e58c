package dev.saccade.runtime.prompts;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An argument that a prompt takes, checked.
 *
 * @param min least characters of a text (of each option), or least value of a number
 * @param max most of them
 * @param values what {@link ParameterType#ONE_OF} takes
 */
public record PromptParameter(
        String name,
        String description,
        ParameterType type,
        boolean required,
        @Nullable JsonNode defaultValue,
        double min,
        double max,
        List<String> values) {

    public PromptParameter {
        values = List.copyOf(values);
    }
}
