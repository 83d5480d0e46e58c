package dev.saccade.api.jobs;

import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Vision;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.media.MediaPipeline;
import dev.saccade.runtime.sampling.SamplingRules;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Asks the engine's own rules whether it would take these options, so that a client hears it before the job waits. */
final class EngineChecks {

    private EngineChecks() {}

    static void sampling(Sampling given, int maxTokens, Violations violations) {
        if (given.stop() != null && !given.stop().stream().allMatch(Texts::isStorable)) {
            violations.add("invalid-text", "/sampling/stop", "A stop string holds a NUL character. Remove it.");
        }
        if (given.maxTokens() != null && given.maxTokens() > maxTokens) {
            violations.add(
                    "invalid-max-tokens",
                    "/sampling/max_tokens",
                    "max_tokens is " + given.maxTokens() + "; the context holds " + maxTokens + " tokens. Give less.");
        }
        try {
            SamplingRules.validate(parameters(given));
        } catch (InvalidRequestException refused) {
            // The code names the field: invalid-top-p.
            String field = refused.code().replaceFirst("^invalid-", "").replace('-', '_');
            violations.add(refused.code(), "/sampling/" + field, message(refused));
        }
    }

    static void vision(Vision given, Violations violations) {
        try {
            MediaPipeline.check(options(given));
        } catch (InvalidRequestException refused) {
            violations.add(refused.code(), "/vision", message(refused));
        }
    }

    private static String message(InvalidRequestException refused) {
        return Objects.requireNonNullElse(refused.getMessage(), "The value is out of range.");
    }

    private static SamplingParameters parameters(Sampling given) {
        return SamplingParameters.builder()
                .temperature(given.temperature())
                .topP(given.topP())
                .topK(given.topK())
                .minP(given.minP())
                .repetitionPenalty(given.repetitionPenalty())
                .presencePenalty(given.presencePenalty())
                .frequencyPenalty(given.frequencyPenalty())
                .seed(given.seed())
                .maxTokens(given.maxTokens())
                .minTokens(given.minTokens())
                .stop(Objects.requireNonNullElse(given.stop(), List.of()))
                .stopTokenIds(Objects.requireNonNullElse(given.stopTokenIds(), Set.of()))
                .ignoreEos(Boolean.TRUE.equals(given.ignoreEos()))
                .logitBias(Objects.requireNonNullElse(given.logitBias(), Map.of()))
                .build();
    }

    private static VisionOptions options(Vision given) {
        return new VisionOptions(
                given.fps(),
                given.nframes(),
                given.minFrames(),
                given.maxFrames(),
                given.minPixels(),
                given.maxPixels(),
                given.totalPixels(),
                given.resizedHeight(),
                given.resizedWidth(),
                given.videoStart(),
                given.videoEnd(),
                Boolean.TRUE.equals(given.timestamps()));
    }
}
