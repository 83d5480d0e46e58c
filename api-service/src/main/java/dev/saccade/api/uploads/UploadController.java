package dev.saccade.api.uploads;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.idempotency.Idempotent;
import dev.saccade.api.videos.UploadLimits;
import dev.saccade.api.videos.VideoDocument;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.uploads.NewUpload.Protocol;
import dev.saccade.ledger.uploads.UploadView;
import dev.saccade.ledger.videos.VideoView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Uploads that go to the store directly, in one part or many. */
@Tag(name = "Uploads", description = "Send large files straight to the object store, or resumably by tus.")
@RestController
@RequestMapping(path = "/v1/uploads", produces = MediaType.APPLICATION_JSON_VALUE)
final class UploadController {

    private final OpenUploads uploads;
    private final PresignedUploads presigned;
    private final Idempotency idempotency;
    private final UploadLimits limits;
    private final UploadProperties properties;

    UploadController(
            OpenUploads uploads,
            PresignedUploads presigned,
            Idempotency idempotency,
            UploadLimits limits,
            UploadProperties properties) {
        this.uploads = uploads;
        this.presigned = presigned;
        this.idempotency = idempotency;
        this.limits = limits;
        this.properties = properties;
    }

    @Operation(
            operationId = "beginUpload",
            summary = "Begin an upload that goes to the store directly",
            description =
                    "PUT each part to its address, in any order, again where it failed; then complete the upload.")
    @ApiResponse(
            responseCode = "201",
            description = "Where to send the parts",
            content = @Content(schema = @Schema(implementation = UploadDocument.class)))
    @Idempotent
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> begin(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @RequestBody NewUploadDocument body,
            HttpServletRequest request) {
        return idempotency.once(request, caller, () -> {
            UploadView upload = uploads.open(caller, body.checked(limits.maxBytes(), properties.life()));
            UploadDocument document = document(upload);
            return ResponseEntity.created(URI.create(document.links().self()))
                    .header("Cache-Control", "no-store")
                    .body(document);
        });
    }

    @Operation(
            operationId = "getUpload",
            summary = "An upload, with fresh addresses for its parts",
            description = "It is known until an hour after expires_at; its video stays.")
    @ApiResponse(responseCode = "200", description = "The upload")
    @GetMapping("/{id}")
    ResponseEntity<UploadDocument> get(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        return ResponseEntity.ok()
                .header("Cache-Control", "no-store")
                .body(document(uploads.find(caller, id, Protocol.PRESIGNED)));
    }

    @Operation(
            operationId = "completeUpload",
            summary = "Check the file and make it a video",
            description =
                    "The parts are put together, hashed, probed, and kept where no presigned address leads. What is"
                            + " wrong with the file ends the upload; where parts are missing, send them and complete again.")
    @ApiResponse(responseCode = "200", description = "The video is ready, now or before")
    @ApiResponse(responseCode = "409", description = "Somebody else completes it at the moment")
    @ApiResponse(responseCode = "410", description = "The upload was rejected or given up")
    @PostMapping(path = "/{id}/complete")
    VideoDocument complete(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            @RequestBody(required = false) @Nullable UploadCompletion body) {
        UploadView upload = uploads.find(caller, id, Protocol.PRESIGNED);
        VideoView video = uploads.video(upload);
        return VideoDocument.of(
                switch (video.state()) {
                    case UPLOADING ->
                        presigned.complete(upload, Objects.requireNonNullElse(body, UploadCompletion.OF_ALL));
                    case READY -> video;
                    case REJECTED, DELETED -> throw OpenUploads.ended(video);
                });
    }

    @Operation(operationId = "abortUpload", summary = "Give an upload up", description = "What was sent is removed.")
    @ApiResponse(responseCode = "204", description = "It is given up")
    @ApiResponse(responseCode = "409", description = "It is complete already: delete the video")
    @DeleteMapping("/{id}")
    ResponseEntity<Void> abort(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        uploads.abort(caller, uploads.find(caller, id, Protocol.PRESIGNED));
        return ResponseEntity.noContent().build();
    }

    private UploadDocument document(UploadView upload) {
        return UploadDocument.of(upload, uploads.video(upload), part -> presigned.address(upload, part));
    }
}
