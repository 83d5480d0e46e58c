package dev.saccade.quickstart.bench.platform;

import dev.saccade.runtime.Completion;
import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.MediaStatus;
import dev.saccade.runtime.ModelInfo;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.worker.engine.InferenceEngine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Gives every request the same answer after a millisecond, without a model: what is left is the platform's own time. */
final class RecordedEngine implements InferenceEngine {

    static final Duration TIME = Duration.ofMillis(1);

    private static final String FINGERPRINT = "0".repeat(64);
    private static final int TOKENS = 24;
    private static final GenerationResult ANSWER = answer(FinishReason.STOP);

    @Override
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        var result = new CompletableFuture<GenerationResult>();
        var _ = result.completeOnTimeout(ANSWER, TIME.toNanos(), TimeUnit.NANOSECONDS);
        return new Recorded(result);
    }

    private record Recorded(CompletableFuture<GenerationResult> result) implements Generation {

        @Override
        public void cancel() {
            result.complete(answer(FinishReason.CANCELLED));
        }
    }

    @Override
    public EngineStatus status() {
        return EngineStatus.idle(1);
    }

    @Override
    public MediaStatus mediaStatus() {
        return new MediaStatus(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public ModelInfo model() {
        return new ModelInfo("recorded", FINGERPRINT, 4096, 1);
    }

    @Override
    public String version() {
        return "bench";
    }

    @Override
    public void close() {}

    private static GenerationResult answer(FinishReason reason) {
        var text = "<think>The path ahead is clear.</think><answer>Yes, the robot can go on.</answer>";
        return new GenerationResult(
                List.of(new Completion(
                        text, "The path ahead is clear.", "Yes, the robot can go on.", reason, TOKENS, List.of())),
                new GenerationResult.Usage(200, TOKENS, 128, 0),
                1,
                SamplingParameters.greedy(),
                List.of(new GenerationResult.MediaUsed("image", List.of(0), List.of(0.0), 0, 224, 448, 128)),
                List.of(),
                new GenerationResult.Timings(0, 0, 0, 0.5, 0.5, 0.5, 1),
                List.of(),
                FINGERPRINT);
    }
}
