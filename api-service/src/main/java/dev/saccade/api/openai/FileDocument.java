package dev.saccade.api.openai;

import dev.saccade.ledger.files.InputFile;
import dev.saccade.ledger.videos.VideoFacts;
import dev.saccade.ledger.videos.VideoView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file as OpenAI's clients know it: a video, an image, or lines for a batch. */
@Schema(name = "File")
record FileDocument(
        String id,
        @Schema(allowableValues = "file") String object,
        long bytes,
        long createdAt,
        @Nullable Long expiresAt,
        String filename,

        @Schema(allowableValues = {"batch", "batch_output", "user_data", "vision"})
        String purpose,

        @Schema(allowableValues = {"uploaded", "processed", "error"})
        String status,

        @Schema(description = "Why it can't be used") @Nullable
        String statusDetails) {

    @Schema(name = "FileList")
    record Page(
            @Schema(allowableValues = "list") String object,
            List<FileDocument> data,
            boolean hasMore,
            @Nullable String firstId,
            @Nullable String lastId) {}

    @Schema(name = "FileDeleted")
    record Deleted(
            String id, @Schema(allowableValues = "file") String object, boolean deleted) {}

    static FileDocument of(InputFile file) {
        return new FileDocument(
                OpenAiIds.FILE + file.id(),
                "file",
                file.sizeBytes(),
                file.createdAt().getEpochSecond(),
                file.expiresAt().getEpochSecond(),
                file.filename(),
                FilePurpose.BATCH,
                "processed",
                null);
    }

    static FileDocument of(VideoView video, String purpose) {
        VideoFacts facts = video.facts();
        return new FileDocument(
                OpenAiIds.FILE + video.id(),
                "file",
                facts == null ? 0 : facts.sizeBytes(),
                video.createdAt().getEpochSecond(),
                seconds(video.expiresAt()),
                video.filename(),
                purpose,
                switch (video.state()) {
                    case UPLOADING -> "uploaded";
                    case READY -> "processed";
                    case REJECTED, DELETED -> "error";
                },
                video.rejectionReason());
    }

    /** What became of a batch: its size is known when it is read. */
    static FileDocument output(String id, Instant createdAt) {
        return new FileDocument(
                id,
                "file",
                0,
                createdAt.getEpochSecond(),
                null,
                id + ".jsonl",
                FilePurpose.BATCH_OUTPUT,
                "processed",
                null);
    }

    private static @Nullable Long seconds(@Nullable Instant time) {
        return time == null ? null : time.getEpochSecond();
    }
}
