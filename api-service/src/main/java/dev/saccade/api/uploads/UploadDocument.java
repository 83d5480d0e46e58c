package dev.saccade.api.uploads;

import dev.saccade.api.videos.VideoDocument;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.uploads.UploadView;
import dev.saccade.ledger.videos.VideoState;
import dev.saccade.ledger.videos.VideoView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An upload in parts, as its client sees it. */
@Schema(name = "Upload")
record UploadDocument(
        String id,

        @Schema(description = "The video that it becomes: uploading until the upload is completed or given up")
        VideoDocument video,

        long sizeBytes,
        long partSizeBytes,

        @Schema(description = "SHA-256 that the file must have, in hex") @Nullable
        String sha256,

        @Schema(description = "When it is given up") Instant expiresAt,

        @Schema(description = "Where to PUT what; empty where the upload has ended")
        List<Part> parts,

        Links links) {

    @Schema(name = "UploadPart")
    record Part(
            @Schema(description = "From 1") int partNumber,

            @Schema(description = "Where the part begins in the file")
            long offset,

            @Schema(description = "Exactly so many bytes: Content-Length is signed")
            long sizeBytes,

            @Schema(description = "PUT the bytes here, without the API key. Whoever has this address can write")
            URI url) {}

    @Schema(name = "UploadLinks")
    record Links(String self, String complete) {}

    /** What makes an address to write a part to. */
    interface Signing {
        URI put(int part);
    }

    static UploadDocument of(UploadView upload, VideoView video, Signing signing) {
        String id = ExternalId.UPLOAD.format(upload.videoId());
        boolean open =
                video.state() == VideoState.UPLOADING && upload.expiresAt().isAfter(Instant.now());
        List<Part> parts = java.util.stream.IntStream.rangeClosed(1, open ? upload.parts() : 0)
                .mapToObj(number -> new Part(
                        number, (number - 1) * upload.partBytes(), upload.bytesOf(number), signing.put(number)))
                .toList();
        String self = "/v1/uploads/" + id;
        return new UploadDocument(
                id,
                VideoDocument.of(video),
                upload.sizeBytes(),
                upload.partBytes(),
                upload.sha256(),
                upload.expiresAt(),
                parts,
                new Links(self, self + "/complete"));
    }
}
