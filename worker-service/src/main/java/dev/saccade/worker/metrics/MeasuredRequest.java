package dev.saccade.worker.metrics;

import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One request in the engine: passes on what its listener is to hear, and times the tokens. Its observation, named
 * {@code saccade.engine.request}, becomes a span where tracing is set up; the times of its stages are the span's attributes,
 * since a stage's beginning is known only after it.
 */
final class MeasuredRequest implements GenerationListener {

    private final RequestMeters meters;
    private final GenerationListener listener;
    private final Observation observation;
    private final boolean oneAnswer; // several answers' tokens come all at once, step by step
    private long tokens; // engine thread only, like the next
    private long lastToken;

    MeasuredRequest(
            RequestMeters meters,
            GenerationRequest request,
            GenerationListener listener,
            ObservationRegistry observations) {
        this.meters = meters;
        this.listener = listener;
        this.oneAnswer = request.sampling().samples() == 1;
        this.observation = Observation.createNotStarted("saccade.engine.request", observations)
                .contextualName("generate")
                .lowCardinalityKeyValue(
                        "priority", request.urgency().priority().name().toLowerCase(Locale.ROOT))
                .start();
    }

    @Override
    public void onProgress(Phase phase, long done, long total) {
        if (phase == Phase.DECODE && oneAnswer) {
            long now = System.nanoTime();
            if (tokens > 0 && done > tokens) {
                meters.tokens(done - tokens, now - lastToken);
            }
            tokens = done;
            lastToken = now;
        }
        listener.onProgress(phase, done, total);
    }

    @Override
    public void onText(int completion, String delta) {
        listener.onText(completion, delta);
    }

    /** Exactly one of the two is null. */
    void ended(@Nullable GenerationResult result, @Nullable Throwable failure) {
        if (result != null) {
            meters.ended(result);
            describe(result);
            outcome(RequestMeters.outcome(result));
        } else if (failure != null) {
            String outcome = RequestMeters.outcome(failure);
            meters.finished(outcome);
            observation.error(failure);
            outcome(outcome);
        }
        observation.stop();
    }

    private void outcome(String outcome) {
        observation.lowCardinalityKeyValue("outcome", outcome);
    }

    private void describe(GenerationResult result) {
        GenerationResult.Timings times = result.timings();
        attribute("saccade.queue.ms", times.queueMillis());
        attribute("saccade.media.ms", times.mediaMillis());
        attribute("saccade.vision.ms", times.visionMillis());
        attribute("saccade.prefill.ms", times.prefillMillis());
        attribute("saccade.decode.ms", times.decodeMillis());
        attribute("saccade.first.token.ms", times.timeToFirstTokenMillis());
        GenerationResult.Usage usage = result.usage();
        attribute("saccade.tokens.prompt", usage.promptTokens());
        attribute("saccade.tokens.cached", usage.cachedTokens());
        attribute("saccade.tokens.visual", usage.visualTokens());
        attribute("saccade.tokens.generated", usage.completionTokens());
    }

    private void attribute(String name, double millis) {
        observation.highCardinalityKeyValue(KeyValue.of(name, String.format(Locale.ROOT, "%.3f", millis)));
    }

    private void attribute(String name, int count) {
        observation.highCardinalityKeyValue(KeyValue.of(name, Integer.toString(count)));
    }
}
