package dev.saccade.worker.metrics;

import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.ObservationRegistry;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Where requests' time goes, and how they end. */
public final class RequestMeters {

    private static final String TIME = EngineMeters.PREFIX + "request.";

    private final MeterRegistry registry;
    private final ObservationRegistry observations;
    private final Timer firstToken;
    private final Timer interToken;
    private final Timer total;
    private final Timer queue;
    private final Timer media;
    private final Timer vision;
    private final Timer prefill;
    private final Timer decode;

    public RequestMeters(MeterRegistry registry, ObservationRegistry observations) {
        this.registry = registry;
        this.observations = observations;
        this.firstToken = timer("first.token", "From submit to the first token");
        this.interToken = timer("inter.token", "Between two tokens of an answer");
        this.total = timer("total", "From submit to the result");
        this.queue = timer("queue", "Waiting for a place in the batch");
        this.media = timer("media", "Decoding and resizing images and clips");
        this.vision = timer("vision", "Making visual tokens of frames");
        this.prefill = timer("prefill", "Reading the prompt, up to the first token");
        this.decode = timer("decode", "Writing, from the first token on");
    }

    private Timer timer(String name, String description) {
        return Timer.builder(TIME + name).description(description).register(registry);
    }

    /** A request is handed to the engine now. */
    MeasuredRequest begin(GenerationRequest request, GenerationListener listener) {
        return new MeasuredRequest(this, request, listener, observations);
    }

    void tokens(long count, long nanos) {
        for (long i = 0; i < count; i++) {
            interToken.record(nanos / count, TimeUnit.NANOSECONDS);
        }
    }

    /** The engine was asked, and answered. */
    void ended(GenerationResult result) {
        GenerationResult.Timings times = result.timings();
        record(queue, times.queueMillis());
        record(media, times.mediaMillis());
        record(vision, times.visionMillis());
        record(prefill, times.prefillMillis());
        record(decode, times.decodeMillis());
        if (result.usage().completionTokens() > 0) {
            record(firstToken, times.timeToFirstTokenMillis());
        }
        record(total, times.totalMillis());
        finished(outcome(result));
    }

    void finished(String outcome) {
        Counter.builder(EngineMeters.PREFIX + "requests.finished")
                .description("Requests that have ended, by how")
                .tags("reason", outcome)
                .register(registry)
                .increment();
    }

    static String outcome(GenerationResult result) {
        return result.finishReason().name().toLowerCase(Locale.ROOT);
    }

    /** The engine's stable code for a failure; it has few of them. */
    static String outcome(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof EngineException known ? known.code() : "error";
    }

    private static void record(Timer timer, double millis) {
        timer.record((long) (millis * 1e6), TimeUnit.NANOSECONDS);
    }
}
