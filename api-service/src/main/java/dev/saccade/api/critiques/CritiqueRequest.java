package dev.saccade.api.critiques;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.api.jobs.JobSubmission;
import dev.saccade.api.jobs.PromptCall;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Vision;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /v1/critiques}. */
@Schema(name = "CritiqueRequest")
record CritiqueRequest(
        @Schema(description = "Ids of 1 to 64 uploaded videos, each once") @JsonProperty(required = true) @Nullable
        List<@Nullable String> videos,

        @Schema(
                description = "Verdicts on each clip; they share the reading of it",
                minimum = "1",
                maximum = "64",
                defaultValue = "4")
        @Nullable
        Integer n,

        @Schema(description = "video_critic where it is left out; a prompt whose answers have anomalies") @Nullable
        PromptCall prompt,

        @Nullable Sampling sampling,
        @Nullable Vision vision,

        @Schema(defaultValue = "standard") JobSubmission.@Nullable Priority priority,

        @Schema(description = "Labels of its jobs") @Nullable
        List<@Nullable String> tags) {}
