package dev.saccade.quickstart.annotate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.saccade.quickstart.runs.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A line of what {@code saccade annotate} writes. Other programs rely on these names.
 *
 * @param clip its path below the folder, with {@code /} in it
 * @param parsed what the prompt's parser made of the answer
 * @param text all that the model wrote
 * @param samples all answers, where the prompt asks for more than one
 * @param score the critic's: artifact-free verdicts as a share of all
 * @param filtered the score is too low: the prompt was not asked
 * @param error why there is no answer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Annotation(
        String clip,
        @Nullable JsonNode parsed,
        @Nullable String parseError,
        @Nullable String text,
        @Nullable List<Outcome.Sample> samples,
        @Nullable Double score,
        @Nullable Boolean filtered,
        @Nullable String error) {

    static Annotation of(String clip, Outcome outcome, @Nullable Double score) {
        if (outcome.samples().isEmpty()) {
            return new Annotation(clip, null, null, null, null, score, null, outcome.error());
        }
        Outcome.Sample first = outcome.samples().getFirst();
        return new Annotation(
                clip,
                first.parsed(),
                first.parseError(),
                first.text(),
                outcome.samples().size() == 1 ? null : outcome.samples(),
                score,
                null,
                null);
    }

    static Annotation filtered(String clip, double score) {
        return new Annotation(clip, null, null, null, null, score, true, null);
    }
}
