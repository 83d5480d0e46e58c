package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.stack.StopSignal;
import dev.saccade.runtime.DeviceException;
import dev.saccade.runtime.Engine;
import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.InvalidRequestException;
import dev.saccade.runtime.MediaException;
import dev.saccade.runtime.ModelException;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Answers in this process. */
final class LocalRunner implements Runner {

    /** Enough that clips are decoded while the engine is busy with others. */
    private static final int IN_FLIGHT = 2 * EngineOptions.DEFAULT.maxSequences();

    private static final long LOOK_AROUND_MILLIS = 200;

    private final ModelOptions model;
    private final Engine engine;
    private final StopSignal stop;

    private record Ended(
            LocalRequest request,
            @Nullable GenerationResult result,
            @Nullable Throwable failure) {}

    LocalRunner(ModelOptions model, StopSignal stop) {
        this.model = model;
        this.stop = stop;
        engine = model.open();
    }

    @Override
    public ObjectNode settings() {
        return Json.MAPPER
                .createObjectNode()
                .put("model", engine.model().fingerprint())
                .put("precision", model.precision().name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void run(List<Question> questions, Journal journal, RunBar bar, Sink sink) throws IOException {
        BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
        Iterator<Question> rest = questions.iterator();
        int open = 0;
        while (rest.hasNext() || open > 0) {
            while (open < IN_FLIGHT && rest.hasNext()) {
                Question question = rest.next();
                Optional<String> refusal = LocalRequest.refusal(question);
                if (refusal.isPresent()) {
                    sink.accept(Outcome.failed(question.id(), refusal.get()));
                } else {
                    submit(LocalRequest.of(question), ended);
                    open++;
                }
            }
            Ended one = next(ended);
            if (one != null) {
                open--;
                sink.accept(outcome(one));
            }
        }
    }

    private void submit(LocalRequest request, BlockingQueue<Ended> ended) {
        engine.submit(request.generation(), GenerationListener.NONE)
                .result()
                .whenComplete((result, failure) -> ended.add(new Ended(request, result, failure)));
    }

    private @Nullable Ended next(BlockingQueue<Ended> ended) {
        try {
            Ended one = ended.poll(LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS);
            if (stop.isRequested()) {
                throw new StoppedException();
            }
            return one;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }

    private static Outcome outcome(Ended ended) {
        if (ended.result() != null) {
            return ended.request().outcome(ended.result());
        }
        Throwable failure = ended.failure() instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : ended.failure();
        if (!(failure instanceof EngineException explained)) {
            throw new IllegalStateException(failure);
        }
        return switch (explained) {
            case MediaException media ->
                Outcome.failed(ended.request().question().id(), sentence(media));
            case InvalidRequestException request ->
                Outcome.failed(ended.request().question().id(), sentence(request));
            // nothing can be answered any more
            case ModelException broken -> throw broken;
            case DeviceException broken -> throw broken;
        };
    }

    private static String sentence(RuntimeException failure) {
        return String.valueOf(failure.getMessage());
    }

    @Override
    public void close() {
        engine.close();
    }
}
