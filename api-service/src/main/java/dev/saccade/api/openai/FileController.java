package dev.saccade.api.openai;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.access.ScopeInterceptor;
import dev.saccade.api.paging.Pages;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.videos.UploadProblems;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.tenants.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Files as OpenAI's clients know them: clips and images, which are the tenant's videos, and lines for batches. */
@Tag(name = "OpenAI")
@RestController
@RequestMapping("/v1/files")
final class FileController {

    private final StoredFiles files;

    FileController(StoredFiles files) {
        this.files = files;
    }

    @Operation(
            operationId = "createFile",
            summary = "Upload a clip, an image, or the lines of a batch",
            description =
                    "purpose is user_data or vision for a clip or an image, which is probed and stored like an upload to"
                            + " /v1/videos, and batch for a file of lines.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                            schema = @Schema(implementation = Form.class)))
    @ApiResponse(responseCode = "200", description = "The file is kept")
    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    FileDocument create(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            HttpServletRequest request) {
        try {
            return files.create(caller, request);
        } catch (IOException full) {
            throw UploadProblems.noSpace(full);
        }
    }

    @Operation(operationId = "listFiles", summary = "Files, newest first")
    @ApiResponse(responseCode = "200", description = "A page of files")
    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    FileDocument.Page list(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @Parameter(description = "batch, user_data or vision; left out: all")
                    @RequestParam(required = false)
                    @Nullable
                    String purpose,
            @Parameter(description = "last_id of the page before") @RequestParam(required = false) @Nullable
                    String after,
            @Parameter(schema = @Schema(type = "string", allowableValues = "desc")) @RequestParam(defaultValue = "desc")
                    String order,
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
                    @RequestParam(defaultValue = "20")
                    int limit) {
        Pages.requireLimit(limit);
        if (!order.equals("desc")) {
            throw Pages.parameter("order", "Files come newest first: leave order out, or give desc.");
        }
        if (purpose != null) {
            FilePurpose.checked(purpose);
        }
        UUID cursor = after == null
                ? null
                : OpenAiIds.parse(OpenAiIds.FILE, after)
                        .orElseThrow(() -> Pages.parameter("after", "Give after as the last_id of the page before."));
        return files.list(caller, purpose, cursor, limit);
    }

    @Operation(operationId = "getFile", summary = "A file's facts")
    @ApiResponse(responseCode = "200", description = "Its facts")
    @GetMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    FileDocument get(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        return files.find(caller, id).document();
    }

    @Operation(
            operationId = "getFileContent",
            summary = "A file's bytes",
            description = "Of a batch's output or errors: written from its jobs, for which jobs:read is needed too.")
    @ApiResponse(
            responseCode = "200",
            description = "All bytes",
            content = {
                @Content(mediaType = "video/*", schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = "image/*", schema = @Schema(type = "string", format = "binary")),
                @Content(mediaType = "application/jsonl", schema = @Schema(type = "string", format = "binary"))
            })
    @ApiResponse(
            responseCode = "206",
            description = "The range that was asked for, of a clip or image",
            content = @Content)
    @ApiResponse(responseCode = "304", description = "The client has these bytes already", content = @Content)
    @GetMapping("/{id}/content")
    void content(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var file = files.find(caller, id);
        if (file instanceof StoredFiles.Found.Outcome) {
            ScopeInterceptor.require(caller, Scope.JOBS_READ);
        }
        files.write(caller, file, request, response);
    }

    @Operation(
            operationId = "deleteFile",
            summary = "Delete a file",
            description = "Of a clip or image: as DELETE /v1/videos.")
    @ApiResponse(responseCode = "200", description = "It is deleted")
    @DeleteMapping(path = "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
    FileDocument.Deleted delete(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        if (!files.delete(caller, files.find(caller, id))) {
            throw ProblemException.invalid(
                    "not-deletable", "", "A batch's output goes with its jobs. Delete the file that it was made of.");
        }
        return new FileDocument.Deleted(id, "file", true);
    }

    /** The form, for the OpenAPI document only: the body is never bound. */
    @Schema(name = "FileForm")
    record Form(
            @Schema(type = "string", format = "binary", description = "The clip, image or lines")
            String file,

            @Schema(allowableValues = {"batch", "user_data", "vision"})
            String purpose) {}
}
