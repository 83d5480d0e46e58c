package dev.saccade.api.critiques;

import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.critiques.CritiqueView;
import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.JobView;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a clip's verdicts from its job. */
final class ClipVerdicts {

    private ClipVerdicts() {}

    /** @param job null where it isn't kept any more */
    static CritiqueDocument.Clip of(CritiqueView.Clip clip, @Nullable JobView job) {
        List<CritiqueDocument.Verdict> verdicts = job == null || job.result() == null
                ? List.of()
                : job.result().completions().stream().map(ClipVerdicts::verdict).toList();
        int free = (int) verdicts.stream()
                .filter(verdict -> Boolean.FALSE.equals(verdict.anomalies()))
                .count();
        int unreadable = (int)
                verdicts.stream().filter(verdict -> verdict.anomalies() == null).count();
        boolean judged = !verdicts.isEmpty();
        return new CritiqueDocument.Clip(
                ExternalId.VIDEO.format(clip.videoId()),
                ExternalId.JOB.format(clip.jobId()),
                job == null ? "gone" : job.state().name().toLowerCase(Locale.ROOT),
                null,
                judged ? (double) free / verdicts.size() : null,
                judged ? Wilson.of(free, verdicts.size()) : null,
                verdicts.size(),
                free,
                unreadable,
                verdicts,
                job == null || job.error() == null ? null : job.error().message());
    }

    private static CritiqueDocument.Verdict verdict(Completion sample) {
        JsonNode structure = sample.parsed() == null ? null : ApiJson.MAPPER.readTree(sample.parsed());
        if (structure == null || !structure.path("anomalies").isBoolean()) {
            String error = Objects.requireNonNullElse(sample.parseError(), "The answer holds no verdict.");
            return new CritiqueDocument.Verdict(null, null, List.of(), sample.text(), error);
        }
        List<CritiqueDocument.Component> components = structure
                .path("components")
                .valueStream()
                .map(one -> new CritiqueDocument.Component(
                        one.path("name").asString(""),
                        one.path("analysis").asString(""),
                        one.path("anomaly").asBoolean(false)))
                .toList();
        return new CritiqueDocument.Verdict(
                structure.path("anomalies").booleanValue(),
                structure.has("overview") ? structure.path("overview").asString("") : null,
                components,
                sample.text(),
                null);
    }
}
