package dev.saccade.api.jobs;

import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.StructuredOutputs;
import dev.saccade.ledger.jobs.Vision;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.VisionOptions;
import dev.saccade.runtime.constrain.StructuredOutputRules;
import dev.saccade.runtime.media.MediaPipeline;
import dev.saccade.runtime.sampling.SamplingRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks the engine's own rules whether it would take these options, so that a client hears it before the job waits. */
final class EngineChecks {

    private static final int DEFAULT_MAX_TOKENS = 4_096; // the engine's
    private static final long MOST_LOGPROBS = 250_000;

    private EngineChecks() {}

    static void sampling(Sampling given, int maxTokens, Violations violations) {
        storable(given.stop(), "/sampling/stop", violations);
        storable(given.badWords(), "/sampling/bad_words", violations);
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
            String field = refused.code()
                    .replaceFirst("^invalid-", "")
                    .replace('-', '_')
                    .replaceFirst("^structured_output$", "structured_outputs");
            violations.add(refused.code(), "/sampling/" + field, message(refused));
        }
        logprobs(given, violations);
        structured(given.structuredOutputs(), violations);
    }

    private static void storable(@Nullable List<String> texts, String pointer, Violations violations) {
        for (int i = 0; texts != null && i < texts.size(); i++) {
            if (!Texts.isStorable(texts.get(i))) {
                violations.add(
                        "invalid-text",
                        pointer + "/" + i,
                        "The text holds a NUL character or half of a surrogate pair. Remove it.");
            }
        }
    }

    /** A result is one row, which is read as a whole. */
    private static void logprobs(Sampling given, Violations violations) {
        if (given.logprobs() == null) {
            return;
        }
        long tokens = Objects.requireNonNullElse(given.maxTokens(), DEFAULT_MAX_TOKENS);
        long answers = Objects.requireNonNullElse(given.n(), 1);
        // each factor was checked before; where one wasn't, its own violation stands already
        if (!violations.any() && answers * tokens * (1L + given.logprobs()) > MOST_LOGPROBS) {
            violations.add(
                    "too-many-logprobs",
                    "/sampling/logprobs",
                    answers + " answers of up to " + tokens + " tokens with " + given.logprobs()
                            + " alternatives each have more than " + MOST_LOGPROBS
                            + " log probabilities. Lower n, max_tokens or logprobs.");
        }
    }

    private static void structured(@Nullable StructuredOutputs given, Violations violations) {
        if (given == null) {
            return;
        }
        String pointer = "/sampling/structured_outputs";
        Map<String, StructuredOutput> asked = new LinkedHashMap<>();
        if (given.json() != null) {
            asked.put("json", new StructuredOutput.JsonSchema(given.json()));
        }
        if (given.regex() != null) {
            asked.put("regex", new StructuredOutput.Regex(given.regex()));
        }
        if (given.choice() != null) {
            asked.put("choice", new StructuredOutput.Choice(given.choice()));
        }
        if (asked.size() != 1) {
            violations.add("invalid-structured-outputs", pointer, "Give exactly one of json, regex and choice.");
            return;
        }
        asked.forEach((kind, output) -> {
            String place = pointer + "/" + kind;
            List<String> texts = given.choice() != null
                    ? given.choice()
                    : List.of(Objects.requireNonNullElse(given.json(), Objects.requireNonNullElse(given.regex(), "")));
            if (!texts.stream().allMatch(Texts::isStorable)) {
                violations.add("invalid-text", place, "The text holds a NUL character or half of a surrogate pair.");
                return;
            }
            try {
                StructuredOutputRules.check(output);
            } catch (InvalidRequestException refused) {
                violations.add(refused.code(), place, message(refused));
            }
        });
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
                .n(given.n())
                .thinkingTokenBudget(given.thinkingTokenBudget())
                .logitBias(Objects.requireNonNullElse(given.logitBias(), Map.of()))
                .allowedTokenIds(Objects.requireNonNullElse(given.allowedTokenIds(), Set.of()))
                .badWords(Objects.requireNonNullElse(given.badWords(), List.of()))
                .logprobs(given.logprobs())
                .promptLogprobs(given.promptLogprobs())
                .structuredOutput(given.structuredOutputs() == null ? null : new StructuredOutput.Choice(List.of()))
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
