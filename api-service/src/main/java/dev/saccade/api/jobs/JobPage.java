package dev.saccade.api.jobs;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of jobs, newest first. */
@Schema(name = "JobPage")
record JobPage(
        List<JobDocument> data,
        boolean hasMore,

        @Schema(description = "Give it as after to get the next page") @Nullable
        String nextCursor) {}
