package dev.saccade.quickstart.annotate;

import dev.saccade.quickstart.cli.UserError;
import dev.saccade.quickstart.runs.Outcome;
import dev.saccade.quickstart.runs.PromptOptions;
import dev.saccade.quickstart.runs.Question;
import dev.saccade.runtime.prompts.PromptSampling;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Which clips are good enough to be annotated. */
final class CriticOptions {

    @Option(
            names = "--min-score",
            paramLabel = "S",
            description =
                    "Annotate only clips of which the critic finds this share of its verdicts free of anomalies (0 to 1).")
    private @Nullable Double least;

    @Option(
            names = "--critic",
            paramLabel = "NAME[@VERSION]",
            defaultValue = "video_critic",
            description = "The prompt that judges (default: ${DEFAULT-VALUE}).")
    private String critic = "video_critic";

    @Option(
            names = "--critic-samples",
            paramLabel = "N",
            description = "Verdicts on each clip, which share the reading of it (default: the prompt's, 4).")
    private @Nullable Integer samples;

    /** Whether clips are judged at all. */
    boolean isGiven() {
        return least != null;
    }

    void check() {
        if (least != null && !(least >= 0 && least <= 1)) {
            throw new UserError("--min-score is a share from 0 to 1");
        }
    }

    boolean isGoodEnough(double score) {
        return least == null || score >= least;
    }

    Question.Named wording() {
        return PromptOptions.named(critic, List.of(), null);
    }

    /** @param maxTokens null leaves them to the prompt, which a small model may have no room for */
    PromptSampling sampling(@Nullable Integer maxTokens) {
        return new PromptSampling(null, null, null, null, null, null, null, null, samples, maxTokens, null, null);
    }

    /** An answer that can't be read counts as one with an anomaly. */
    static double score(Outcome outcome) {
        long free = outcome.samples().stream()
                .filter(sample -> sample.parsed() != null
                        && sample.parsed().path("anomalies").isBoolean()
                        && !sample.parsed().path("anomalies").booleanValue())
                .count();
        return (double) free / outcome.samples().size();
    }

    void describe(ObjectNode settings) {
        if (least != null) {
            settings.put("min_score", least).put("critic", critic).put("critic_samples", samples);
        }
    }
}
