package dev.saccade.quickstart.faults;

import dev.saccade.runtime.Completion;
import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.FinishReason;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.MediaStatus;
import dev.saccade.runtime.ModelInfo;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.worker.engine.InferenceEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Answers each question after a millisecond, so that a test is about everything around the engine. The question may say
 * otherwise: see {@link #heldUntil} and {@link #POISON}.
 */
final class RecordedEngine implements InferenceEngine {

    /** A question that kills the process which follows it. */
    static final String POISON = "This one kills its worker.";

    private static final String HOLD = "Answer when there is ";

    private static final Pattern HELD = Pattern.compile(HOLD + "(\\S+)");

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("recorded-engine").factory());

    private record Recorded(CompletableFuture<GenerationResult> result) implements Generation {

        @Override
        public void cancel() {
            result.complete(resultOf("", FinishReason.CANCELLED));
        }
    }

    /** A question that is answered once this file exists. */
    static String heldUntil(Path file) {
        return HOLD + file;
    }

    @Override
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        String question = question(request);
        if (question.contains(POISON)) {
            Runtime.getRuntime().halt(137);
        }
        Recorded generation = new Recorded(new CompletableFuture<>());
        Matcher held = HELD.matcher(question);
        if (held.find()) {
            clock.execute(() -> answerWhenThere(Path.of(held.group(1)), generation));
        } else {
            clock.schedule(() -> answer(generation), 1, TimeUnit.MILLISECONDS);
        }
        return generation;
    }

    private void answerWhenThere(Path file, Recorded generation) {
        if (Files.exists(file)) {
            answer(generation);
        } else if (!generation.result().isDone()) {
            clock.schedule(() -> answerWhenThere(file, generation), 20, TimeUnit.MILLISECONDS);
        }
    }

    /** On another thread than the clock's: whoever waits for the answer writes it to the ledger. */
    private static void answer(Recorded generation) {
        generation.result().completeAsync(() -> resultOf("Yes.", FinishReason.STOP));
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
        return new ModelInfo("recorded", "e".repeat(64), 4096, 1);
    }

    @Override
    public String version() {
        return "test";
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private static String question(GenerationRequest request) {
        return request.messages().stream()
                .flatMap(message -> message.parts().stream())
                .map(part -> part instanceof Part.Text text ? text.text() : "")
                .collect(Collectors.joining());
    }

    private static GenerationResult resultOf(String text, FinishReason reason) {
        return new GenerationResult(
                List.of(new Completion("<answer>" + text + "</answer>", "", text, reason, 3, List.of())),
                new GenerationResult.Usage(30, 3, 0, 0),
                42,
                SamplingParameters.greedy(),
                List.of(),
                List.of(),
                new GenerationResult.Timings(0, 0, 0, 0, 1, 0, 1),
                List.of(),
                "e".repeat(64));
    }
}
