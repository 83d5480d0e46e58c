package dev.saccade.runtime.prompts;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an answer came to.
 *
 * @param structure keeps to the prompt's schema; null where the answer could not be read
 * @param error what could not be read and why; null where there is a structure
 */
public record ParsedOutput(
        @Nullable JsonNode structure, @Nullable String error) {

    static ParsedOutput of(JsonNode structure) {
        return new ParsedOutput(structure, null);
    }

    static ParsedOutput unreadable(String why) {
        return new ParsedOutput(null, why);
    }

    /** The structure as JSON text; null where there is none. */
    public @Nullable String json() {
        return structure == null ? null : PromptJson.MAPPER.writeValueAsString(structure);
    }
}
