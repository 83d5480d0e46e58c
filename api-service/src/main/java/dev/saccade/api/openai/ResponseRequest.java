package dev.saccade.api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/responses}: its fields' names, and their description for the OpenAPI document. */
@Schema(name = "ResponseRequest", example = """
                {"model": "cosmos-reason1-7b", "input": "Why do drivers wait at a crossing?", "background": true}""")
record ResponseRequest(
        @Schema(description = "A name that GET /v1/models lists") @JsonProperty(required = true)
        String model,

        @Schema(
                description =
                        "A text, or a list of messages with role and content: input_text, input_image (image_url or file_id),"
                                + " input_video (video_url or file_id), input_file (file_id)")
        @JsonProperty(required = true)
        Object input,

        @Schema(description = "The system prompt") @Nullable String instructions,

        @Schema(description = "Answer at once; GET the response until it has ended") @Nullable
        Boolean background,

        @Nullable Integer maxOutputTokens,
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double minP,
        @Nullable Double repetitionPenalty,
        @Nullable Double presencePenalty,
        @Nullable Double frequencyPenalty,
        @Nullable Long seed,

        @Schema(description = "format: type text, json_object or json_schema") @Nullable
        Map<String, Object> text,

        @Schema(description = "effort none: the model answers without thinking aloud") @Nullable
        Map<String, Object> reasoning,

        @Nullable Integer thinkingTokenBudget,

        @Schema(description = "As in chat completions") @Nullable
        Map<String, Object> structuredOutputs,

        @Schema(description = "As in chat completions") @Nullable
        Map<String, Object> mmProcessorKwargs,

        @Schema(description = "As in chat completions") @Nullable
        Map<String, Object> mediaIoKwargs,

        @Nullable Boolean numberMedia,

        @Schema(description = "Answer with server-sent events") @Nullable
        Boolean stream,

        @Schema(description = "Taken and not used") @Nullable
        Map<String, Object> streamOptions,

        @Schema(description = "Taken and not used") @Nullable
        String serviceTier,

        @Schema(description = "Taken and not used") @Nullable
        String user,

        @Schema(description = "Taken and not used") @Nullable
        String safetyIdentifier,

        @Schema(description = "Taken and not used") @Nullable
        String promptCacheKey,

        @Schema(description = "Taken and not used") @Nullable
        String truncation,

        @Schema(description = "Taken and not used") @Nullable
        Map<String, String> metadata,

        @Schema(description = "Taken and not used") @Nullable
        Boolean store,

        @Schema(description = "Taken and not used") @Nullable
        List<String> include,

        @Schema(description = "Taken and not used") @Nullable
        Boolean parallelToolCalls) {}
