package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineException;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.SamplingParameters;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A request's handle: what the caller holds, and what every stage of the work reports to. */
final class Ticket implements Generation {

    private final long number;
    private final GenerationRequest request;
    private final SamplingParameters sampling;
    private final long seed;
    private final ListenerGuard listener;
    private final StopWatch watch = new StopWatch();
    private final CompletableFuture<GenerationResult> result = new CompletableFuture<>();
    private final Consumer<Ticket> onCancel;

    /**
     * @param number counts requests in the order of their submission
     * @param sampling resolved; {@code maxTokens} may still be null
     * @param onCancel told once or more often, by any thread, that the caller has lost interest
     */
    Ticket(
            long number,
            GenerationRequest request,
            SamplingParameters sampling,
            long seed,
            GenerationListener listener,
            Consumer<Ticket> onCancel) {
        this.number = number;
        this.request = request;
        this.sampling = sampling;
        this.seed = seed;
        this.listener = new ListenerGuard(listener);
        this.onCancel = onCancel;
        // the caller may cancel the future itself
        CompletableFuture<GenerationResult> _ = result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                onCancel.accept(this);
            }
        });
    }

    @Override
    public CompletableFuture<GenerationResult> result() {
        return result;
    }

    @Override
    public void cancel() {
        if (!result.isDone()) {
            onCancel.accept(this);
        }
    }

    void complete(GenerationResult value) {
        result.complete(value);
    }

    void fail(EngineException failure) {
        result.completeExceptionally(failure);
    }

    long number() {
        return number;
    }

    GenerationRequest request() {
        return request;
    }

    SamplingParameters sampling() {
        return sampling;
    }

    long seed() {
        return seed;
    }

    ListenerGuard listener() {
        return listener;
    }

    StopWatch watch() {
        return watch;
    }
}
