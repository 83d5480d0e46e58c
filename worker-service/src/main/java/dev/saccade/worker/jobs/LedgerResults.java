package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.FramesUsed;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Timings;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.ModelInfo;
import dev.saccade.runtime.SamplingParameters;
import java.util.Locale;

/** From the engine's result to the one that is stored. */
final class LedgerResults {

    private LedgerResults() {}

    static JobOutcome from(GenerationResult result, ModelInfo model, String engineVersion) {
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
                result.warnings(),
                model.name(),
                result.modelFingerprint(),
                engineVersion);
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
                used.maxTokens(),
                used.minTokens(),
                used.stop(),
                used.stopTokenIds(),
                used.ignoreEos(),
                used.logitBias());
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
