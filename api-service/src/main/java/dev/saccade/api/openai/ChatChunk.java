package dev.saccade.api.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of a streamed chat completion. */
@Schema(name = "ChatCompletionChunk")
record ChatChunk(
        String id,
        @Schema(allowableValues = "chat.completion.chunk") String object,
        long created,
        String model,
        List<Choice> choices,

        @Schema(description = "In the last chunk, where stream_options.include_usage asks for it") @Nullable
        ChatUsage usage) {

    @Schema(name = "ChatChunkChoice")
    record Choice(
            int index,
            Delta delta,

            @Schema(description = "With finish_reason, of the whole answer") @Nullable
            ChatLogprobs logprobs,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            String finishReason) {}

    @Schema(name = "ChatDelta")
    record Delta(
            @Nullable String role,
            @Nullable String content,
            @Nullable String reasoningContent) {}
}
