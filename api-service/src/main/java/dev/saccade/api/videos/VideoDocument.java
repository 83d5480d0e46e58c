package dev.saccade.api.videos;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.videos.VideoFacts;
import dev.saccade.ledger.videos.VideoState;
import dev.saccade.ledger.videos.VideoView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An uploaded video or image, as clients see it. */
@Schema(name = "Video")
record VideoDocument(
        String id,
        State state,
        @Nullable Kind kind,

        @Schema(description = "The client's name for the file, made safe for display")
        String filename,

        @Nullable Long sizeBytes,

        @Schema(description = "SHA-256 of the bytes, in hex") @Nullable
        String sha256,

        @Nullable String contentType,
        @Nullable String format,
        @Nullable String codec,
        @Nullable Integer width,
        @Nullable Integer height,
        @Schema(description = "0 for an image") @Nullable Double durationSeconds,

        @Schema(description = "Average frames for each second; 0 for an image") @Nullable
        Double fps,

        @Nullable Long frames,
        Instant createdAt,

        @Schema(description = "Why it was rejected") @Nullable
        Rejection error,

        Links links) {

    enum State {
        @JsonProperty("uploading")
        UPLOADING,
        @JsonProperty("ready")
        READY,
        @JsonProperty("rejected")
        REJECTED,
        @JsonProperty("deleted")
        DELETED
    }

    enum Kind {
        @JsonProperty("video")
        VIDEO,
        @JsonProperty("image")
        IMAGE
    }

    @Schema(name = "VideoRejection")
    record Rejection(String code, String message) {}

    @Schema(name = "VideoLinks")
    record Links(String self, @Nullable String content) {}

    static VideoDocument of(VideoView view) {
        String id = ExternalId.VIDEO.format(view.id());
        VideoFacts facts = view.facts();
        Links links = new Links(path(id), view.state() == VideoState.READY ? path(id) + "/content" : null);
        State state = State.valueOf(view.state().name());
        if (facts == null) {
            Rejection rejection = view.rejectionCode() == null || view.rejectionReason() == null
                    ? null
                    : new Rejection(view.rejectionCode(), view.rejectionReason());
            return new VideoDocument(
                    id,
                    state,
                    null,
                    view.filename(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    view.createdAt(),
                    rejection,
                    links);
        }
        return new VideoDocument(
                id,
                state,
                Kind.valueOf(facts.kind()),
                view.filename(),
                facts.sizeBytes(),
                facts.sha256(),
                facts.contentType(),
                facts.format(),
                facts.codec(),
                facts.width(),
                facts.height(),
                facts.durationSeconds(),
                facts.fps(),
                facts.frames(),
                view.createdAt(),
                null,
                links);
    }

    static String path(String id) {
        return "/v1/videos/" + id;
    }
}
