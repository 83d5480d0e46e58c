package dev.saccade.api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/chat/completions}: its fields' names, and their description for the OpenAPI document. */
@Schema(name = "ChatCompletionRequest", example = """
                {"model": "cosmos-reason1-7b", "messages": [{"role": "user", "content": "Why do drivers wait at a crossing?"}]}""")
record ChatCompletionRequest(
        @Schema(description = "A name that GET /v1/models lists") @JsonProperty(required = true)
        String model,

        @Schema(
                description =
                        "Contents are texts or lists of parts: text, image_url, video_url (url: a data URL, or https where this"
                                + " installation fetches; or file_id) and file (file_id)")
        @JsonProperty(required = true)
        List<Map<String, Object>> messages,

        @Nullable Boolean stream,
        @Nullable StreamOptions streamOptions,
        @Nullable Integer n,
        @Nullable Integer maxCompletionTokens,
        @Nullable Integer maxTokens,
        @Nullable Integer minTokens,
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double minP,
        @Nullable Double repetitionPenalty,
        @Nullable Double presencePenalty,
        @Nullable Double frequencyPenalty,
        @Nullable Long seed,

        @Schema(description = "A text, or a list of texts") @Nullable
        Object stop,

        @Nullable List<Integer> stopTokenIds,
        @Nullable Boolean ignoreEos,
        @Nullable Map<String, Double> logitBias,
        @Nullable List<String> badWords,
        @Nullable Boolean logprobs,
        @Nullable Integer topLogprobs,

        @Schema(description = "type: text, json_object or json_schema") @Nullable
        Map<String, Object> responseFormat,

        @Schema(description = "vLLM's: json, regex or choice") @Nullable
        Map<String, Object> structuredOutputs,

        @Schema(description = "none: the model answers without thinking aloud") @Nullable
        String reasoningEffort,

        @Schema(description = "Most tokens of the chain of thought") @Nullable
        Integer thinkingTokenBudget,

        @Schema(description = "vLLM's: enable_thinking") @Nullable
        Map<String, Object> chatTemplateKwargs,

        @Schema(
                description =
                        "Which frames: fps, nframes, min_frames, max_frames, min_pixels, max_pixels, total_pixels, resized_height,"
                                + " resized_width, video_start, video_end, timestamps")
        @Nullable
        Map<String, Object> mmProcessorKwargs,

        @Schema(description = "vLLM's: video.num_frames, video.fps") @Nullable
        Map<String, Object> mediaIoKwargs,

        @Schema(description = "Name media \"Video 1: \" in the prompt") @Nullable
        Boolean numberMedia,

        @Schema(description = "flex: whenever there is room") @Nullable
        String serviceTier,

        @Schema(description = "Taken and not used") @Nullable
        String user,

        @Schema(description = "Taken and not used") @Nullable
        String safetyIdentifier,

        @Schema(description = "Taken and not used") @Nullable
        String promptCacheKey,

        @Schema(description = "Taken and not used") @Nullable
        Map<String, String> metadata,

        @Schema(description = "Taken and not used") @Nullable
        Boolean store,

        @Schema(description = "Taken and not used") @Nullable
        Boolean parallelToolCalls) {

    @Schema(name = "ChatStreamOptions")
    record StreamOptions(
            @Schema(description = "One more chunk, with the usage") @Nullable
            Boolean includeUsage,

            @Schema(description = "Taken and not used") @Nullable
            Boolean includeObfuscation) {}
}
