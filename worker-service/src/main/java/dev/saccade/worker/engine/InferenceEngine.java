package dev.saccade.worker.engine;

import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.MediaStatus;
import dev.saccade.runtime.ModelInfo;

/** What the worker asks of an engine. Thread-safe. */
public interface InferenceEngine extends AutoCloseable {

    /**
     * Hands a conversation to the engine; returns at once.
     *
     * @throws dev.saccade.runtime.EngineException where the request is wrong or the engine is closed
     */
    Generation submit(GenerationRequest request, GenerationListener listener);

    /** What it is doing and has done, as of its last step. */
    EngineStatus status();

    /** How the preparation of media and the cache of visual tokens are doing, now. */
    MediaStatus mediaStatus();

    ModelInfo model();

    /** The engine's release, recorded with each result. */
    String version();

    @Override
    void close();
}
