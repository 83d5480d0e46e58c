package dev.saccade.runtime;

import java.util.concurrent.CompletableFuture;

/** A request in the engine's hands. */
public interface Generation {

    /**
     * Completes with the result, or exceptionally with an {@link EngineException}. A cancelled generation completes
     * with {@link FinishReason#CANCELLED} and the text written so far.
     */
    CompletableFuture<GenerationResult> result();

    /** Takes effect at the engine's next step and frees the sequence's blocks at once. */
    void cancel();
}
