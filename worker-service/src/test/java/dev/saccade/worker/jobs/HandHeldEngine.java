package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.runtime.Completion;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.MediaStatus;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.ModelInfo;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.worker.engine.InferenceEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** An engine whose generations begin, go on and end when a test says so. */
final class HandHeldEngine implements InferenceEngine {

    static final String FINGERPRINT = "f".repeat(64);

    private final Map<String, Held> byQuestion = new ConcurrentHashMap<>();
    private volatile @Nullable EngineException refusal;

    /** A generation in the test's hands. */
    record Held(GenerationRequest request, GenerationListener listener, CompletableFuture<GenerationResult> result)
            implements Generation {

        void answer(String text) {
            result.complete(resultOf(text, FinishReason.STOP));
        }

        void fail(Throwable failure) {
            result.completeExceptionally(failure);
        }

        boolean isCancelled() {
            return result.isDone()
                    && !result.isCompletedExceptionally()
                    && result.join().finishReason() == FinishReason.CANCELLED;
        }

        @Override
        public void cancel() {
            result.complete(resultOf("", FinishReason.CANCELLED));
        }
    }

    /** Every further request is refused at once. */
    void refuse(EngineException refusal) {
        this.refusal = refusal;
    }

    /** Waits until the worker has handed over the job's request; the latest, where it did so more than once. */
    Held held(JobRequest request) {
        return Awaitility.await("the engine to get the request")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> byQuestion.get(question(request)), held -> held != null);
    }

    boolean has(JobRequest request) {
        return byQuestion.containsKey(question(request));
    }

    @Override
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        if (refusal != null) {
            throw refusal;
        }
        var held = new Held(request, listener, new CompletableFuture<>());
        byQuestion.put(question(request), held);
        return held;
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
        return new ModelInfo("hand-held", FINGERPRINT, 4096, 1);
    }

    @Override
    public String version() {
        return "test";
    }

    @Override
    public void close() {}

    private static String question(JobRequest request) {
        return request.messages().stream()
                .flatMap(message -> message.content().stream())
                .map(part -> part instanceof ContentPart.Text text ? text.text() : "")
                .collect(Collectors.joining());
    }

    private static String question(GenerationRequest request) {
        return request.messages().stream()
                .map(Message::parts)
                .flatMap(List::stream)
                .map(part -> part instanceof Part.Text text ? text.text() : "")
                .collect(Collectors.joining());
    }

    private static GenerationResult resultOf(String text, FinishReason reason) {
        return new GenerationResult(
                List.of(new Completion(
                        "<think>because</think><answer>" + text + "</answer>", "because", text, reason, 12, List.of())),
                new GenerationResult.Usage(30, 12, 8, 0),
                42,
                SamplingParameters.greedy(),
                List.of(new GenerationResult.MediaUsed("video", List.of(0, 2), List.of(0.0, 0.5), 4.0, 56, 84, 8)),
                List.of(),
                new GenerationResult.Timings(1, 2, 3, 4, 5, 6, 7),
                List.of("a warning"),
                FINGERPRINT);
    }
}
