package dev.saccade.api.videos;

import dev.saccade.api.access.AccessFilter;
import dev.saccade.api.paging.Pages;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.videos.VideoDeletions;
import dev.saccade.ledger.videos.VideoLedger;
import dev.saccade.ledger.videos.VideoState;
import dev.saccade.ledger.videos.VideoView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Which media a tenant has, and its end. */
@Tag(name = "Videos")
@RestController
@RequestMapping("/v1/videos")
final class VideoListController {

    private static final Set<VideoState> KNOWN = EnumSet.allOf(VideoState.class);
    private static final Set<VideoState> KEPT = EnumSet.complementOf(EnumSet.of(VideoState.DELETED));

    private final VideoLedger ledger;
    private final VideoDeletions deletions;

    VideoListController(VideoLedger ledger, VideoDeletions deletions) {
        this.ledger = ledger;
        this.deletions = deletions;
    }

    @Operation(
            operationId = "listVideos",
            summary = "Videos and images, newest first",
            description = "Without those that are deleted, unless their state is asked for.")
    @ApiResponse(responseCode = "200", description = "A page of videos and images")
    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    VideoPage list(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller,
            @Parameter(
                            description = "Only those in one of these states",
                            array = @ArraySchema(schema = @Schema(implementation = VideoDocument.State.class)))
                    @RequestParam(required = false)
                    @Nullable
                    List<String> state,
            @Parameter(description = "next_cursor of the page before") @RequestParam(required = false) @Nullable
                    String after,
            @Parameter(schema = @Schema(type = "integer", minimum = "1", maximum = "100", defaultValue = "20"))
                    @RequestParam(defaultValue = "20")
                    int limit) {
        Pages.requireLimit(limit);
        List<VideoView> found =
                ledger.list(caller.tenantId(), states(state), Pages.cursor(ExternalId.VIDEO, after), limit + 1);
        List<VideoDocument> page =
                found.stream().limit(limit).map(VideoDocument::of).toList();
        boolean hasMore = found.size() > limit;
        return new VideoPage(page, hasMore, hasMore ? page.getLast().id() : null);
    }

    @Operation(
            operationId = "deleteVideo",
            summary = "Delete a video or an image",
            description = "It can't be read or asked about from now on, and its bytes are removed within seconds."
                    + " What it was stays known, and so does the audit log. A job that waits for it fails.")
    @ApiResponse(responseCode = "204", description = "It is deleted, now or before")
    @DeleteMapping("/{id}")
    ResponseEntity<Void> delete(
            @Parameter(hidden = true) @RequestAttribute(AccessFilter.CALLER) Caller caller, @PathVariable String id) {
        VideoView video = ExternalId.VIDEO
                .parse(id)
                .flatMap(uuid -> ledger.find(caller.tenantId(), uuid))
                .orElseThrow(() -> ProblemException.notFound("video"));
        deletions.delete(caller.tenantId(), video.id(), caller.actor());
        return ResponseEntity.noContent().build();
    }

    private static Set<VideoState> states(@Nullable List<String> given) {
        if (given == null || given.isEmpty()) {
            return KEPT;
        }
        Set<VideoState> states = EnumSet.noneOf(VideoState.class);
        for (String name : given) {
            states.add(KNOWN.stream()
                    .filter(state -> state.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            Pages.parameter("state", "Give state as one of uploading, ready, rejected and deleted.")));
        }
        return states;
    }
}
