package dev.saccade.worker.engine;

import dev.saccade.runtime.Engine;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.EngineStatus;
import dev.saccade.runtime.Generation;
import dev.saccade.runtime.GenerationListener;
import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.MediaStatus;
import dev.saccade.runtime.ModelInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;

/** The real engine, in this process. */
public final class EngineRunner implements InferenceEngine {

    private final Engine engine;
    private final String version;

    private EngineRunner(Engine engine, String version) {
        this.engine = engine;
        this.version = version;
    }

    /**
     * Opens a model folder.
     *
     * @throws dev.saccade.runtime.ModelException where it can't be run
     */
    public static EngineRunner open(Path model, EngineOptions options) {
        return new EngineRunner(Engine.open(model, options), readVersion());
    }

    @Override
    public Generation submit(GenerationRequest request, GenerationListener listener) {
        return engine.submit(request, listener);
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
        return version;
    }

    @Override
    public void close() {
        engine.close();
    }

    // the build writes it: a manifest would be lost where jars are merged
    private static String readVersion() {
        var name = "version.properties";
        try (InputStream in = Objects.requireNonNull(EngineRunner.class.getResourceAsStream(name), name)) {
            var properties = new Properties();
            properties.load(in);
            return Objects.requireNonNull(properties.getProperty("version"), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
