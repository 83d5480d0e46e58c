package dev.saccade.worker.engine;

import dev.saccade.runtime.EngineException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the engine on a thread of its own, so that database, broker and web server start meanwhile. */
public final class EngineHost implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EngineHost.class);

    private final CompletableFuture<InferenceEngine> opening = new CompletableFuture<>();

    /** @param open opens the engine; it throws an {@link EngineException} for a folder that can't be run, or not on this device */
    public EngineHost(Supplier<? extends InferenceEngine> open) {
        Thread.ofPlatform().daemon().name("engine-open").start(() -> {
            try {
                long began = System.nanoTime();
                var engine = open.get();
                LOG.info(
                        "Model {} ({} parameters, {}) opened in {} ms",
                        engine.model().name(),
                        engine.model().parameters(),
                        engine.model().fingerprint(),
                        (System.nanoTime() - began) / 1_000_000);
                opening.complete(engine);
            } catch (RuntimeException | Error e) {
                opening.completeExceptionally(e);
            }
        });
    }

    /**
     * The engine, once it is open.
     *
     * @throws EngineException where the model can't be run
     */
    public InferenceEngine await() {
        try {
            return opening.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof EngineException problem) {
                throw problem;
            }
            throw e;
        }
    }

    public boolean isOpen() {
        return opening.state() == Future.State.SUCCESS;
    }

    /** The engine, if it is open. */
    public Optional<InferenceEngine> ifOpen() {
        return isOpen() ? Optional.of(await()) : Optional.empty();
    }

    /** Closes the engine; generations that still run end with a retryable error. */
    @Override
    public void close() {
        var _ = opening.thenAccept(InferenceEngine::close);
    }
}
