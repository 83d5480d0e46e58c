package dev.saccade.api.batches;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A batch as OpenAI's clients ask for it: of a file that was uploaded before. */
@Schema(name = "FileBatchRequest")
public record FileBatchRequest(
        @Schema(description = "Of POST /v1/files with the purpose batch") @JsonProperty(required = true) @Nullable
        String inputFileId,

        @Schema(allowableValues = {"/v1/chat/completions", "/v1/responses"}) @JsonProperty(required = true) @Nullable
        String endpoint,

        @Schema(description = "Taken and not used: jobs wait for as long as it takes", example = "24h") @Nullable
        String completionWindow,

        @Schema(description = "Yours: 16 texts at most") @Nullable
        Map<String, String> metadata) {}
