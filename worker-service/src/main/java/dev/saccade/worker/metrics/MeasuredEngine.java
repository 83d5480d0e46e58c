package dev.saccade.worker.metrics;

import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.MediaStatus;
import dev.saccade.runtime.ModelInfo;
import dev.saccade.worker.engine.InferenceEngine;

/** An engine whose requests are measured. */
public final class MeasuredEngine implements InferenceEngine {

    private final InferenceEngine engine;
    private final RequestMeters meters;

    public MeasuredEngine(InferenceEngine engine, RequestMeters meters) {
        this.engine = engine;
        this.meters = meters;
    }

    @Override
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        var measured = meters.begin(request, listener);
        Generation generation;
        try {
            generation = engine.submit(request, measured);
        } catch (RuntimeException | Error e) {
            measured.ended(null, e);
            throw e;
        }
        var _ = generation.result().whenComplete(measured::ended);
        return generation;
    }

    @Override
    public EngineStatus status() {
        return engine.status();
    }

    @Override
    public MediaStatus mediaStatus() {
        return engine.mediaStatus();
    }

    @Override
    public ModelInfo model() {
        return engine.model();
    }

    @Override
    public String version() {
        return engine.version();
    }

    @Override
    public void close() {
        engine.close();
    }
}
