package dev.saccade.runtime;

import java.nio.file.Path;

/**
 * Runs one vision-language model: requests join and leave a batch that one thread steps.
 *
 * <p>Thread-safe. A request's answer does not depend on which other requests share the batch.
 */
public final class Engine implements AutoCloseable {

    private Engine() {}

    /**
     * Opens a checkpoint folder as it comes from the hub.
     *
     * @throws ModelException where the folder lacks a file or holds a model that this engine can't run
     */
    public static Engine open(Path modelDir, EngineOptions options) {
        throw new UnsupportedOperationException("Engine.open");
    }

    /**
     * Hands a conversation to the engine.
     *
     * @return at once; media problems and prompts that turn out too long complete the result exceptionally
     * @throws InvalidRequestException for what is wrong with the request itself
     * @throws DeviceException where the engine is closed or has failed
     */
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        throw new UnsupportedOperationException("Engine.submit");
    }

    public ModelInfo model() {
        throw new UnsupportedOperationException("Engine.model");
    }

    /** Ends every open generation with a {@link DeviceException} {@code engine-closed} and frees all memory. */
    @Override
    public void close() {}
}
