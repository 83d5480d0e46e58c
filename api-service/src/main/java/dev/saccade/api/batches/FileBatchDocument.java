package dev.saccade.api.batches;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A batch as OpenAI's clients know it. Times are seconds since 1970. */
@Schema(name = "FileBatch")
public record FileBatchDocument(
        String id,
        @Schema(allowableValues = "batch") String object,
        String endpoint,
        String inputFileId,
        String completionWindow,

        @Schema(allowableValues = {"validating", "in_progress", "cancelling", "cancelled", "completed"})
        String status,

        @Schema(description = "The answers, once there are all") @Nullable
        String outputFileId,

        @Schema(description = "Lines that gave no answer, once there are all") @Nullable
        String errorFileId,

        long createdAt,
        @Nullable Long completedAt,
        @Nullable Long cancelledAt,
        RequestCounts requestCounts,

        @Schema(implementation = Object.class) @JsonRawValue @Nullable
        String metadata) {

    /** What has become of the lines. */
    @Schema(name = "FileBatchCounts")
    public record RequestCounts(long total, long completed, long failed) {}
}
