package dev.saccade.api.uploads;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.problems.ProblemTranslator;
import dev.saccade.api.videos.Filenames;
import dev.saccade.api.videos.UploadLimits;
import dev.saccade.api.videos.UploadProblems;
import dev.saccade.api.videos.VideoDocument;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.uploads.NewUpload;
import dev.saccade.ledger.uploads.NewUpload.Protocol;
import dev.saccade.ledger.uploads.UploadView;
import dev.saccade.ledger.videos.VideoState;
import dev.saccade.ledger.videos.VideoView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** Resumable uploads by <a href="https://tus.io/protocols/resumable-upload">tus 1.0</a>. */
@Tag(name = "Uploads")
@RestController
@RequestMapping("/v1/tus")
final class TusController {

    private static final String VERSION = "1.0.0";
    private static final String BYTES = "application/offset+octet-stream";

    private final OpenUploads uploads;
    private final TusUploads tus;
    private final UploadLimits limits;
    private final UploadProperties properties;

    TusController(OpenUploads uploads, TusUploads tus, UploadLimits limits, UploadProperties properties) {
        this.uploads = uploads;
        this.tus = tus;
        this.limits = limits;
        this.properties = properties;
    }

    @Operation(operationId = "tusOptions", summary = "What of tus is spoken here")
    @ApiResponse(responseCode = "204", description = "Versions, extensions and limits, in headers")
    @RequestMapping(method = RequestMethod.OPTIONS)
    ResponseEntity<Void> options() {
        return ResponseEntity.noContent()
                .header("Allow", "POST, OPTIONS")
                .header("Tus-Resumable", VERSION)
                .header("Tus-Version", VERSION)
                .header("Tus-Extension", "creation,creation-with-upload,checksum,expiration,termination")
                .header("Tus-Checksum-Algorithm", TusChecksum.ALGORITHMS)
                .header("Tus-Max-Size", Long.toString(limits.maxBytes()))
                .build();
    }

    @Operation(
            operationId = "tusCreate",
            summary = "Begin a resumable upload",
            description =
                    "tus 1.0 with Upload-Length and Upload-Metadata (filename, sha256); the first bytes may come along.")
    @ApiResponse(
            responseCode = "201",
            description = "Location says where the bytes go, Video-Location what they become")
    @PostMapping
    ResponseEntity<Void> create(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            HttpServletRequest request) {
        return speaking(request, () -> {
            TusMetadata metadata = TusMetadata.parse(request.getHeader("Upload-Metadata"));
            long size = size(request);
            boolean withBytes = isBytes(request);
            UploadView upload = uploads.open(
                    caller,
                    new NewUpload(
                            Protocol.TUS,
                            Filenames.display(metadata.filename()),
                            size,
                            size,
                            NewUploadDocument.checkedSha256(metadata.sha256()),
                            properties.life()));
            ResponseEntity.BodyBuilder answer =
                    ResponseEntity.status(HttpStatus.CREATED).header("Location", "/v1/tus/" + id(upload));
            return described(answer, upload, withBytes ? take(upload, 0, request) : 0);
        });
    }

    @Operation(
            operationId = "tusOffset",
            summary = "Where a resumable upload has got to",
            description = "Where all bytes are there, but could not be checked yet, they are checked now.")
    @ApiResponse(responseCode = "200", description = "Upload-Offset and Upload-Length")
    @ApiResponse(responseCode = "410", description = "The upload was rejected or given up")
    @RequestMapping(path = "/{id}", method = RequestMethod.HEAD)
    ResponseEntity<Void> offset(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            HttpServletRequest request) {
        return speaking(request, () -> {
            UploadView upload = going(caller, id);
            if (isWhole(upload, upload.receivedBytes())) {
                tus.complete(upload);
            }
            return described(ResponseEntity.ok().header("Cache-Control", "no-store"), upload, upload.receivedBytes());
        });
    }

    @Operation(
            operationId = "tusAppend",
            summary = "Send more bytes of a resumable upload",
            description =
                    "From Upload-Offset on. With the last byte the file is probed: 204 says that the video is ready.")
    @ApiResponse(responseCode = "204", description = "The bytes are kept up to Upload-Offset")
    @ApiResponse(responseCode = "409", description = "Upload-Offset is not where the upload has got to")
    @ApiResponse(responseCode = "410", description = "The upload was rejected or given up")
    @PatchMapping("/{id}")
    ResponseEntity<Void> append(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            HttpServletRequest request) {
        return speaking(request, () -> {
            UploadView upload = going(caller, id);
            if (!isBytes(request)) {
                throw new ProblemException(415, "unsupported-media-type", "Send the bytes as " + BYTES + ".");
            }
            if (number(request, "Upload-Offset") != upload.receivedBytes()) {
                throw TusUploads.wrongOffset();
            }
            return described(ResponseEntity.noContent(), upload, take(upload, upload.receivedBytes(), request));
        });
    }

    @Operation(
            operationId = "tusOverride",
            summary = "PATCH or DELETE for clients that can't send them",
            description = "By X-HTTP-Method-Override.")
    @ApiResponse(responseCode = "204", description = "As PATCH or DELETE answers")
    @PostMapping("/{id}")
    ResponseEntity<Void> override(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            HttpServletRequest request) {
        return switch (String.valueOf(request.getHeader("X-HTTP-Method-Override"))) {
            case "PATCH" -> append(caller, id, request);
            case "DELETE" -> terminate(caller, id, request);
            default ->
                throw new ProblemException(
                                405, "method-not-allowed", "This address answers HEAD, PATCH and DELETE only.")
                        .header("Allow", "HEAD, PATCH, DELETE");
        };
    }

    @Operation(operationId = "tusTerminate", summary = "Give a resumable upload up")
    @ApiResponse(responseCode = "204", description = "It is given up, and what was sent is removed")
    @ApiResponse(responseCode = "409", description = "It is complete already: delete the video")
    @DeleteMapping("/{id}")
    ResponseEntity<Void> terminate(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            HttpServletRequest request) {
        return speaking(request, () -> {
            uploads.abort(caller, uploads.find(caller, id, Protocol.TUS));
            return ResponseEntity.noContent().header("Tus-Resumable", VERSION).build();
        });
    }

    private long take(UploadView upload, long offset, HttpServletRequest request) {
        if (request.getContentLengthLong() > upload.sizeBytes() - offset) {
            throw TusUploads.tooMuch(upload);
        }
        TusChecksum checksum = TusChecksum.parse(request.getHeader("Upload-Checksum"));
        try {
            long end = tus.append(upload, offset, request.getInputStream(), checksum);
            if (isWhole(upload, end)) {
                tus.complete(upload);
            }
            return end;
        } catch (IOException gone) {
            throw UploadProblems.interrupted();
        }
    }

    /** Whether it is there to the last byte, and nobody has checked it. */
    private boolean isWhole(UploadView upload, long received) {
        return received == upload.sizeBytes() && uploads.video(upload).state() == VideoState.UPLOADING;
    }

    private UploadView going(Caller caller, String id) {
        UploadView upload = uploads.find(caller, id, Protocol.TUS);
        VideoView video = uploads.video(upload);
        return switch (video.state()) {
            case UPLOADING, READY -> upload;
            case REJECTED, DELETED -> throw OpenUploads.ended(video);
        };
    }

    private long size(HttpServletRequest request) {
        if (request.getHeader("Upload-Defer-Length") != null) {
            throw new ProblemException(
                    400, "length-deferred", "Uploads whose length is told later are not taken. Send Upload-Length.");
        }
        long size = number(request, "Upload-Length");
        if (size == 0) {
            throw UploadProblems.empty();
        }
        if (size > limits.maxBytes()) {
            throw UploadProblems.tooLarge(limits.maxBytes()).header("Tus-Max-Size", Long.toString(limits.maxBytes()));
        }
        return size;
    }

    private static long number(HttpServletRequest request, String header) {
        String given = request.getHeader(header);
        if (given == null || !given.matches("[0-9]{1,18}")) {
            throw new ProblemException(400, "invalid-header", "Send " + header + " with a number of bytes.");
        }
        return Long.parseLong(given);
    }

    private static boolean isBytes(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).equals(BYTES);
    }

    /** Answers, problems too, name the version of tus that they speak. */
    private static ResponseEntity<Void> speaking(HttpServletRequest request, Supplier<ResponseEntity<Void>> work) {
        if (!VERSION.equals(request.getHeader("Tus-Resumable"))) {
            throw new ProblemException(412, "tus-version", "Send Tus-Resumable: " + VERSION + ".")
                    .header("Tus-Version", VERSION)
                    .header("Tus-Resumable", VERSION);
        }
        try {
            return work.get();
        } catch (RuntimeException failure) {
            throw ProblemTranslator.translate(failure).header("Tus-Resumable", VERSION);
        }
    }

    private static ResponseEntity<Void> described(
            ResponseEntity.HeadersBuilder<?> answer, UploadView upload, long offset) {
        return answer.header("Tus-Resumable", VERSION)
                .header("Upload-Offset", Long.toString(offset))
                .header("Upload-Length", Long.toString(upload.sizeBytes()))
                .header(
                        "Upload-Expires",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                upload.expiresAt().atOffset(ZoneOffset.UTC)))
                .header("Video-Location", VideoDocument.path(ExternalId.VIDEO.format(upload.videoId())))
                .build();
    }

    private static String id(UploadView upload) {
        return ExternalId.UPLOAD.format(upload.videoId());
    }
}
