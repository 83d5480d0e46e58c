package dev.saccade.api.jobs;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A prompt that a job names in the place of its own texts. */
@Schema(name = "PromptCall")
public record PromptCall(
        @Schema(description = "As GET /v1/prompts lists it", example = "temporal_caption") @Nullable
        String name,

        @Schema(description = "The newest where it is left out") @Nullable
        Integer version,

        @Schema(
                description = "What the prompt's parameters stand for",
                type = "object",
                additionalProperties = Schema.AdditionalPropertiesValue.TRUE)
        @Nullable
        Map<String, @Nullable Object> arguments) {}
