package dev.saccade.api.jobs;

import io.swagger.v3.oas.annotations.media.Schema;

/** What a cancel of many jobs came to. */
@Schema(name = "BulkCancel")
record BulkCancel(
        @Schema(description = "Waiting jobs that are cancelled now")
        int cancelled,

        @Schema(description = "Running jobs whose workers will stop them")
        int cancelRequested,

        @Schema(description = "There are more: send the same again")
        boolean hasMore) {}
