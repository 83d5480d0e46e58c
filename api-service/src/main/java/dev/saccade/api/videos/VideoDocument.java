package dev.saccade.api.videos;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.videos.VideoFacts;
import dev.saccade.ledger.videos.VideoState;
import dev.saccade.ledger.videos.VideoView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;

/** An uploaded video or image, as clients see it. */
@Schema(name = "Video")
public record VideoDocument(
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

        @Schema(description = "When it is deleted; left out where media is kept for ever") @Nullable
        Instant expiresAt,

        @Schema(description = "Why it was rejected") @Nullable
        Rejection error,

        @Schema(description = "Why it was deleted, and when") @Nullable
        Deletion deletion,

        Links links) {

    public enum State {
        @JsonProperty("uploading")
        UPLOADING,
        @JsonProperty("ready")
        READY,
        @JsonProperty("rejected")
        REJECTED,
        @JsonProperty("deleted")
        DELETED
    }

    public enum Kind {
        @JsonProperty("video")
        VIDEO,
        @JsonProperty("image")
        IMAGE
    }

    @Schema(name = "VideoRejection")
    public record Rejection(String code, String message) {}

    @Schema(name = "VideoDeletion")
    public record Deletion(
            @Schema(
                    description = "deleted: by a request; expired: its time was over",
                    allowableValues = {"deleted", "expired"})
            String code,

            String message,
            Instant at) {

        static @Nullable Deletion of(dev.saccade.ledger.videos.@Nullable Deletion deletion) {
            if (deletion == null) {
                return null;
            }
            String message = deletion.code().equals(dev.saccade.ledger.videos.Deletion.EXPIRED)
                    ? "The time for which media is kept was over."
                    : "It was deleted by a request.";
            return new Deletion(deletion.code(), message, deletion.at());
        }
    }

    @Schema(name = "VideoLinks")
    public record Links(String self, @Nullable String content) {}

    public static VideoDocument of(VideoView view) {
        String id = ExternalId.VIDEO.format(view.id());
        Optional<VideoFacts> facts = Optional.ofNullable(view.facts());
        return new VideoDocument(
                id,
                State.valueOf(view.state().name()),
                facts.map(VideoFacts::kind).map(Kind::valueOf).orElse(null),
                view.filename(),
                facts.map(VideoFacts::sizeBytes).orElse(null),
                facts.map(VideoFacts::sha256).orElse(null),
                facts.map(VideoFacts::contentType).orElse(null),
                facts.map(VideoFacts::format).orElse(null),
                facts.map(VideoFacts::codec).orElse(null),
                facts.map(VideoFacts::width).orElse(null),
                facts.map(VideoFacts::height).orElse(null),
                facts.map(VideoFacts::durationSeconds).orElse(null),
                facts.map(VideoFacts::fps).orElse(null),
                facts.map(VideoFacts::frames).orElse(null),
                view.createdAt(),
                view.state() == VideoState.READY ? view.expiresAt() : null,
                rejection(view),
                Deletion.of(view.deletion()),
                new Links(path(id), view.state() == VideoState.READY ? path(id) + "/content" : null));
    }

    /** The answer to a request that made it. */
    public static ResponseEntity<VideoDocument> created(VideoView view) {
        VideoDocument document = of(view);
        return ResponseEntity.created(URI.create(document.links().self())).body(document);
    }

    private static @Nullable Rejection rejection(VideoView view) {
        return view.rejectionCode() == null || view.rejectionReason() == null
                ? null
                : new Rejection(view.rejectionCode(), view.rejectionReason());
    }

    public static String path(String id) {
        return "/v1/videos/" + id;
    }
}
