package dev.saccade.api.jobs;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.Problem.Violation;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.runtime.prompts.Segment;
import dev.saccade.runtime.prompts.SegmentExport;
import dev.saccade.runtime.prompts.Segments;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** What a job found in time: as JSON, or as subtitles. */
@Tag(name = "Jobs")
@RestController
final class SegmentsController {

    private static final String VTT = "text/vtt";
    private static final String SRT = "application/x-subrip";

    private final JobAnswers answers;

    SegmentsController(JobAnswers answers) {
        this.answers = answers;
    }

    /** A job's stretches of time. */
    @Schema(name = "JobSegments")
    record Document(
            String job,
            List<Segment> segments,

            @Schema(description = "Times that could not be taken as they were answered")
            List<String> problems) {}

    @Operation(
            operationId = "getJobSegments",
            summary = "What a job found in time, as JSON, WebVTT or SubRip",
            description = "For jobs of temporal prompts. The form is format, or else what Accept asks for.")
    @ApiResponse(
            responseCode = "200",
            description = "The segments, in the order of time",
            content = {
                @Content(mediaType = "application/json", schema = @Schema(implementation = Document.class)),
                @Content(mediaType = VTT, schema = @Schema(type = "string")),
                @Content(mediaType = SRT, schema = @Schema(type = "string"))
            })
    @ApiResponse(responseCode = "409", description = "The job has no segments, or none yet")
    @GetMapping(
            path = "/v1/jobs/{id}/segments",
            produces = {MediaType.APPLICATION_JSON_VALUE, VTT, SRT})
    ResponseEntity<byte[]> segments(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @PathVariable String id,
            @Parameter(
                            description = "The form; else Accept says it",
                            schema =
                                    @Schema(
                                            type = "string",
                                            allowableValues = {"json", "vtt", "srt"}))
                    @RequestParam(required = false)
                    @Nullable
                    String format,
            @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Nullable
                    String accept) {
        String form = form(format, accept);
        JsonNode structure = structure(answers.find(caller, id));
        List<Segment> segments = Segments.of(structure);
        return switch (form) {
            case "vtt" -> file(id + ".vtt", VTT, SegmentExport.webVtt(segments));
            case "srt" -> file(id + ".srt", SRT, SegmentExport.subRip(segments));
            default ->
                ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(ApiJson.MAPPER.writeValueAsBytes(new Document(
                                id,
                                segments,
                                structure
                                        .path("problems")
                                        .valueStream()
                                        .map(JsonNode::asString)
                                        .toList())));
        };
    }

    private static String form(@Nullable String format, @Nullable String accept) {
        if (format != null) {
            if (!List.of("json", "vtt", "srt").contains(format)) {
                String detail = "Give format as json, vtt or srt.";
                throw new ProblemException(400, "invalid-parameter", detail, List.of(new Violation("?format", detail)));
            }
            return format;
        }
        String wanted = accept == null ? "" : accept.toLowerCase(Locale.ROOT);
        if (wanted.contains(MediaType.APPLICATION_JSON_VALUE)) {
            return "json";
        }
        return wanted.contains(VTT) ? "vtt" : wanted.contains(SRT) ? "srt" : "json";
    }

    private static JsonNode structure(JobView job) {
        if (!job.state().terminal()) {
            throw new ProblemException(409, "job-not-finished", "The job has no result yet. Follow it first.");
        }
        Completion first =
                job.result() == null ? null : job.result().completions().getFirst();
        if (first == null || first.parsed() == null) {
            String why = first == null || first.parseError() == null ? "" : " " + first.parseError();
            throw new ProblemException(409, "job-has-no-segments", "The job's answer gave no segments." + why);
        }
        JsonNode structure = ApiJson.MAPPER.readTree(first.parsed());
        if (!structure.path("segments").isArray()) {
            throw new ProblemException(
                    409,
                    "job-has-no-segments",
                    "The job's prompt is not about time. Use temporal_caption or temporal_localization.");
        }
        return structure;
    }

    private static ResponseEntity<byte[]> file(String name, String type, String content) {
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.parseMediaType(type), StandardCharsets.UTF_8))
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
                .header("X-Content-Type-Options", "nosniff")
                .body(content.getBytes(StandardCharsets.UTF_8));
    }
}
