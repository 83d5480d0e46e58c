package dev.saccade.runtime;

import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.schedule.EngineLoop;
import dev.saccade.runtime.schedule.EngineParts;
import dev.saccade.runtime.text.ChatTemplate;
import dev.saccade.runtime.text.PromptEncoder;
import dev.saccade.runtime.text.Tokenizer;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs one vision-language model: requests join and leave a batch that one thread steps.
 *
 * <p>Thread-safe. A request's answer does not depend on which other requests share the batch.
 */
public final class Engine implements AutoCloseable {

    private final String name;
    private final Checkpoint checkpoint;
    private final Tokenizer tokenizer;
    private final Device device;
    private final EngineLoop loop;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Engine(String name, Checkpoint checkpoint, Tokenizer tokenizer, Device device, EngineLoop loop) {
        this.checkpoint = checkpoint;
        this.tokenizer = tokenizer;
        this.device = device;
        this.loop = loop;
        this.name = name;
    }

    /** Opens a checkpoint folder with {@link EngineOptions#DEFAULT}, as {@link #open(Path, EngineOptions)} does. */
    public static Engine open(Path modelDir) {
        return open(modelDir, EngineOptions.DEFAULT);
    }

    /**
     * Opens a checkpoint folder as it comes from the hub.
     *
     * @throws ModelException where the folder lacks a file or holds a model that this engine can't run
     * @throws DeviceException where what is to compute can't be used: it has no memory for the model, or the JVM lacks the
     *     Vector API ({@link DeviceException#NO_VECTOR_API})
     */
    public static Engine open(Path modelDir, EngineOptions options) {
        requireVectorApi();
        Checkpoint checkpoint = null;
        Tokenizer tokenizer = null;
        Device device = null;
        try {
            checkpoint = Checkpoint.open(modelDir);
            Devices.Opened opened = Devices.open(checkpoint, options);
            device = opened.device();
            tokenizer = Tokenizer.open(modelDir);
            PromptEncoder encoder = new PromptEncoder(tokenizer, ChatTemplate.open(modelDir), checkpoint.config());
            EngineLoop loop = new EngineLoop(new EngineParts(checkpoint, tokenizer, encoder, device, opened.options()));
            return new Engine(nameOf(modelDir), checkpoint, tokenizer, device, loop);
        } catch (RuntimeException | Error e) {
            close(device, tokenizer, checkpoint);
            throw e;
        }
    }

    /**
     * Hands a conversation to the engine.
     *
     * @return at once; media problems and prompts that turn out too long complete the result exceptionally
     * @throws InvalidRequestException for what is wrong with the request itself
     * @throws DeviceException where the engine is closed or has failed
     */
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        return loop.submit(request, listener);
    }

    /**
     * Hands a conversation to the engine and waits for the result.
     *
     * @throws EngineException as {@link #submit} throws it, and as it completes its result
     */
    public GenerationResult generate(GenerationRequest request) {
        try {
            return submit(request, GenerationListener.NONE).result().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof EngineException known) {
                throw known;
            }
            throw e;
        }
    }

    /** How the media pipeline and the cache of visual tokens are doing; any thread. */
    public MediaStatus mediaStatus() {
        return loop.mediaStatus();
    }

    /** Facts about the model. The first call may have to wait until the checkpoint's fingerprint has been computed. */
    public ModelInfo model() {
        return new ModelInfo(
                name, checkpoint.fingerprint(), checkpoint.config().text().maxPositions(), checkpoint.parameters());
    }

    /** What the engine is doing and has done, as of its last step. */
    public EngineStatus status() {
        return loop.status();
    }

    private static void requireVectorApi() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new DeviceException(
                    DeviceException.NO_VECTOR_API,
                    "The engine computes with Java's Vector API; start the JVM with --add-modules=jdk.incubator.vector.");
        }
    }

    private static String nameOf(Path modelDir) {
        Path name = modelDir.toAbsolutePath().normalize().getFileName();
        return name == null ? "model" : name.toString();
    }

    /**
     * Ends every open generation with a {@link DeviceException} {@code engine-closed} and frees all memory. Not to be
     * called by a listener.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        loop.close();
        close(device, tokenizer, checkpoint);
    }

    private static void close(@Nullable Device device, @Nullable Tokenizer tokenizer, @Nullable Checkpoint checkpoint) {
        if (device != null) {
            device.close();
        }
        if (tokenizer != null) {
            tokenizer.close();
        }
        if (checkpoint != null) {
            checkpoint.close();
        }
    }
}
