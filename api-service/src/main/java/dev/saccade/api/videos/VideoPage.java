package dev.saccade.api.videos;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of media, newest first. */
@Schema(name = "VideoPage")
record VideoPage(
        List<VideoDocument> data,
        boolean hasMore,

        @Schema(description = "Give it as after to get the next page") @Nullable
        String nextCursor) {}
