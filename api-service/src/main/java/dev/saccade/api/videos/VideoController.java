package dev.saccade.api.videos;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.idempotency.Idempotent;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.ledger.videos.VideoView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Videos and images over REST. */
@Tag(name = "Videos", description = "Upload videos and images, read their facts, and get their bytes back.")
@RestController
@RequestMapping("/v1/videos")
final class VideoController {

    private final VideoUploads uploads;
    private final VideoLedger ledger;
    private final VideoContent content;
    private final Idempotency idempotency;
    private final long maxBytes;

    VideoController(
            VideoUploads uploads,
            VideoLedger ledger,
            VideoContent content,
            UploadLimits limits,
            Idempotency idempotency) {
        this.uploads = uploads;
        this.ledger = ledger;
        this.content = content;
        this.maxBytes = limits.maxBytes();
        this.idempotency = idempotency;
    }

    @Operation(
            operationId = "uploadVideo",
            summary = "Upload a video or an image",
            description = "The file is probed, stored, and answered with what it is. "
                    + "What can't be read, or is beyond a limit, is refused with a reason.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                            schema = @Schema(implementation = UploadForm.class)))
    @ApiResponse(responseCode = "201", description = "The file is stored and ready")
    @Idempotent
    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> upload(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            HttpServletRequest request) {
        // What surrounds the file in the form takes less than this.
        if (request.getContentLengthLong() > maxBytes + 65_536) {
            throw UploadProblems.tooLarge(maxBytes);
        }
        UploadBody body = UploadBody.open(request);
        return idempotency.onceSlowly(
                request, caller, body::digest, () -> VideoDocument.created(uploads.receive(caller, body)));
    }

    @Operation(operationId = "getVideo", summary = "A video's or an image's facts")
    @ApiResponse(responseCode = "200", description = "Its facts, or why it was rejected")
    @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    VideoDocument get(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        return VideoDocument.of(find(caller, id));
    }

    @Operation(
            operationId = "getVideoContent",
            summary = "The bytes that were uploaded",
            description = "Answers a single byte range (Range), and 304 where If-None-Match names the ETag.")
    @ApiResponse(
            responseCode = "200",
            description = "All bytes",
            content = {
                @Content(mediaType = "video/*", schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = "image/*", schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(responseCode = "206", description = "The range that was asked for", content = @Content)
    @ApiResponse(responseCode = "304", description = "The client has these bytes already", content = @Content)
    @GetMapping("/{id}/content")
    void content(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        content.write(find(caller, id), request, response);
    }

    private VideoView find(Caller caller, String id) {
        return ExternalId.VIDEO
                .parse(id)
                .flatMap(uuid -> ledger.find(caller.tenantId(), uuid))
                .orElseThrow(() -> ProblemException.notFound("video"));
    }

    /** The form, for the OpenAPI document only: the body is never bound. */
    @Schema(name = "UploadForm")
    record UploadForm(
            @Schema(type = "string", format = "binary", description = "The video or image")
            String file) {}
}
