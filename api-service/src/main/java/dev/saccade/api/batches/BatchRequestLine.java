package dev.saccade.api.batches;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.api.jobs.JobSubmission;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One line of a batch's body. */
@Schema(name = "BatchLine")
record BatchRequestLine(
        @Schema(description = "Yours, once in the batch: output and errors name it", example = "clip-0001")
        @JsonProperty(required = true)
        @Nullable
        String customId,

        @Schema(description = "What POST /v1/jobs takes; its priority is batch where it gives none")
        @JsonProperty(required = true)
        @Nullable
        JobSubmission body) {}
