package dev.saccade.api.critiques;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.critiques.CritiqueView;
import dev.saccade.ledger.jobs.JobView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A critique as clients see it: each clip's verdicts and score, and which clip is best. */
@Schema(name = "Critique")
record CritiqueDocument(
        String id,
        State state,
        Instant createdAt,

        @Schema(description = "In the order in which they were given")
        List<Clip> clips,

        @Schema(description = "The clip of the highest score, once all were judged; the first of several") @Nullable
        String best,

        Links links) {

    enum State {
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("ended")
        ENDED
    }

    /** A clip with what was said of it. */
    @Schema(name = "CritiqueClip")
    record Clip(
            String video,
            String job,

            @Schema(description = "Of its job; gone where it isn't kept any more")
            String state,

            @Schema(description = "1 for the highest score; equal scores share a rank") @Nullable
            Integer rank,

            @Schema(description = "Artifact-free verdicts, as a share of all") @Nullable
            Double score,

            @Schema(description = "Of the score, at 95 % (Wilson)") @Nullable
            Wilson interval,

            int samples,
            int artifactFree,

            @Schema(description = "Answers that held no verdict; they count as not artifact-free")
            int unreadable,

            List<Verdict> verdicts,
            @Nullable String error) {

        private Clip ranked(@Nullable Integer place) {
            return new Clip(
                    video, job, state, place, score, interval, samples, artifactFree, unreadable, verdicts, error);
        }
    }

    /** What one sample said. */
    @Schema(name = "CritiqueVerdict")
    record Verdict(
            @Nullable Boolean anomalies,
            @Nullable String overview,
            List<Component> components,

            @Schema(description = "All that the model wrote")
            String trace,

            @Nullable String parseError) {}

    @Schema(name = "CritiqueComponent")
    record Component(String name, String analysis, boolean anomaly) {}

    @Schema(name = "CritiqueLinks")
    record Links(String self, String report) {}

    static CritiqueDocument of(CritiqueView critique, Map<UUID, JobView> jobs) {
        List<Clip> clips = ranked(critique.clips().stream()
                .map(clip -> ClipVerdicts.of(clip, jobs.get(clip.jobId())))
                .toList());
        boolean ended = critique.clips().stream()
                .map(clip -> jobs.get(clip.jobId()))
                .allMatch(job -> job == null || job.state().terminal());
        String id = ExternalId.CRITIQUE.format(critique.id());
        String best = clips.stream()
                .filter(clip -> ended && Integer.valueOf(1).equals(clip.rank()))
                .findFirst()
                .map(Clip::video)
                .orElse(null);
        String self = "/v1/critiques/" + id;
        return new CritiqueDocument(
                id,
                ended ? State.ENDED : State.RUNNING,
                critique.createdAt(),
                clips,
                best,
                new Links(self, self + "/report"));
    }

    private static List<Clip> ranked(List<Clip> clips) {
        List<Clip> ranked = new ArrayList<>();
        for (Clip clip : clips) {
            Double score = clip.score();
            ranked.add(
                    score == null
                            ? clip
                            : clip.ranked(1
                                    + (int) clips.stream()
                                            .filter(other -> other.score() != null && other.score() > score)
                                            .count()));
        }
        return ranked;
    }
}
