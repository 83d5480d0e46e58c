package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.FramesUsed;
import dev.saccade.ledger.jobs.JobOrigin;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.StructuredOutputs;
import dev.saccade.ledger.jobs.Timings;
import dev.saccade.ledger.jobs.TokenLogprob;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.ModelInfo;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.StructuredOutput;
import dev.saccade.runtime.TokenLogprobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** From the engine's result to the one that is stored. */
final class LedgerResults {

    private static final long MOST_LOGPROBS = 250_000;

    private LedgerResults() {}

    /** @param origin where the job came from: a rerun says so where another model or engine ran it */
    static JobOutcome from(GenerationResult result, ModelInfo model, String engineVersion, @Nullable JobOrigin origin) {
        return new JobOutcome(
                result.text(),
                result.reasoning(),
                result.answer(),
                result.finishReason().name().toLowerCase(Locale.ROOT),
                result.usage().promptTokens(),
                result.usage().completionTokens(),
                result.usage().visualTokens(),
                result.seed(),
                sampling(result.sampling()),
                result.media().stream().map(LedgerResults::frames).toList(),
                timings(result.timings()),
                warnings(result, engineVersion, origin),
                model.name(),
                result.modelFingerprint(),
                engineVersion,
                result.completions().stream().map(LedgerResults::completion).toList(),
                tooMany(result.promptLogprobs()) ? List.of() : logprobs(result.promptLogprobs()));
    }

    private static Sampling sampling(SamplingParameters used) {
        return new Sampling(
                used.temperature(),
                used.topP(),
                used.topK(),
                used.minP(),
                used.repetitionPenalty(),
                used.presencePenalty(),
                used.frequencyPenalty(),
                used.seed(),
                used.n(),
                used.maxTokens(),
                used.minTokens(),
                used.thinkingTokenBudget(),
                used.stop(),
                used.stopTokenIds(),
                used.ignoreEos(),
                used.includeStop(),
                used.skipSpecialTokens(),
                used.logitBias(),
                used.allowedTokenIds(),
                used.badWords(),
                used.logprobs(),
                used.promptLogprobs(),
                structured(used.structuredOutput()));
    }

    private static @Nullable StructuredOutputs structured(@Nullable StructuredOutput used) {
        return switch (used) {
            case null -> null;
            case StructuredOutput.JsonSchema(String schema) -> new StructuredOutputs(schema, null, null);
            case StructuredOutput.Regex(String pattern) -> new StructuredOutputs(null, pattern, null);
            case StructuredOutput.Choice(List<String> options) -> new StructuredOutputs(null, null, options);
        };
    }

    private static Completion completion(dev.saccade.runtime.Completion written) {
        return new Completion(
                written.text(),
                written.reasoning(),
                written.answer(),
                written.finishReason().name().toLowerCase(Locale.ROOT),
                written.tokens(),
                logprobs(written.logprobs()));
    }

    private static List<TokenLogprob> logprobs(List<TokenLogprobs> given) {
        return given.stream()
                .map(token -> new TokenLogprob(
                        token.token(),
                        token.text(),
                        token.logprob(),
                        token.rank(),
                        token.top().stream()
                                .map(other ->
                                        new TokenLogprob.Alternative(other.token(), other.text(), other.logprob()))
                                .toList()))
                .toList();
    }

    /** A long prompt's would make a row that neither the database nor a client wants; the API can't know its length. */
    private static boolean tooMany(List<TokenLogprobs> prompt) {
        return prompt.stream().mapToLong(token -> 1 + token.top().size()).sum() > MOST_LOGPROBS;
    }

    private static List<String> warnings(GenerationResult result, String engineVersion, @Nullable JobOrigin origin) {
        var all = new ArrayList<>(result.warnings());
        if (tooMany(result.promptLogprobs())) {
            all.add("The prompt's log probabilities were left out: more than " + MOST_LOGPROBS
                    + " of them don't fit a result. Ask for fewer, or for a shorter prompt's.");
        }
        if (origin != null && differs(origin.modelFingerprint(), result.modelFingerprint())) {
            all.add("This rerun ran on another model than the first answer: fingerprint " + result.modelFingerprint()
                    + ", not " + origin.modelFingerprint() + ". The text may differ.");
        }
        if (origin != null && differs(origin.engineVersion(), engineVersion)) {
            all.add("This rerun ran on engine " + engineVersion + ", the first answer on " + origin.engineVersion()
                    + ". The text may differ.");
        }
        return all;
    }

    private static boolean differs(@Nullable String first, String now) {
        return first != null && !first.equals(now);
    }

    private static FramesUsed frames(GenerationResult.MediaUsed used) {
        return new FramesUsed(
                used.kind(),
                used.indices(),
                used.seconds(),
                used.sampledFps(),
                used.height(),
                used.width(),
                used.visualTokens());
    }

    private static Timings timings(GenerationResult.Timings millis) {
        return new Timings(
                millis.queueMillis(),
                millis.mediaMillis(),
                millis.visionMillis(),
                millis.prefillMillis(),
                millis.decodeMillis(),
                millis.timeToFirstTokenMillis(),
                millis.totalMillis());
    }
}
