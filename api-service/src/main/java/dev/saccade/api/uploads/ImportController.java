package dev.saccade.api.uploads;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.idempotency.BodyDigest;
import dev.saccade.api.idempotency.Idempotency;
import dev.saccade.api.idempotency.Idempotent;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.api.videos.VideoDocument;
import dev.saccade.ledger.tenants.Caller;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Media that the service fetches itself. */
@Tag(name = "Uploads")
@RestController
final class ImportController {

    private final UrlImports imports;
    private final Idempotency idempotency;

    ImportController(UrlImports imports, Idempotency idempotency) {
        this.imports = imports;
        this.idempotency = idempotency;
    }

    @Operation(
            operationId = "importVideo",
            summary = "Fetch a video or an image from a URL",
            description =
                    "Where the operator allows it. Only public addresses are called, by https; each redirect is checked"
                            + " like the URL itself. The answer comes when the file is fetched and probed.")
    @ApiResponse(responseCode = "201", description = "The file is stored and ready")
    @Idempotent
    @PostMapping(
            path = "/v1/videos/import",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<?> fetch(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @RequestBody VideoImport body,
            HttpServletRequest request) {
        String url = body.url();
        if (url == null) {
            throw ProblemException.invalid("invalid-url", "/url", "Give the URL of a video or an image.");
        }
        return idempotency.onceSlowly(
                request,
                caller,
                () -> BodyDigest.of(request),
                () -> VideoDocument.created(imports.fetch(caller, url, body.filename())));
    }

    /** The body. */
    @Schema(name = "VideoImport")
    record VideoImport(
            @Schema(description = "https, by a public name", example = "https://media.example.com/clip.mp4")
            @JsonProperty(required = true)
            @Nullable
            String url,

            @Schema(description = "For display; left out: the last part of the URL's path") @Nullable
            String filename) {}
}
