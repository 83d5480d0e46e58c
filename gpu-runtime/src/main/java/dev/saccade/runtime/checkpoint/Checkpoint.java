package dev.saccade.runtime.checkpoint;

import dev.saccade.runtime.ModelException;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.media.PreprocessorBounds;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A model folder as it comes from the hub: {@code config.json}, {@code model.safetensors} or shards with
 * {@code model.safetensors.index.json}, {@code preprocessor_config.json}, {@code generation_config.json}.
 *
 * <p>Opening maps the weights into memory and checks every header, name, shape and type; it reads no weights. The tensors
 * live until {@link #close()}. Safe for use by several threads.
 */
public final class Checkpoint implements AutoCloseable {

    private final ModelConfig config;
    private final PreprocessorBounds preprocessor;
    private final SamplingParameters samplingDefaults;
    private final Map<String, Tensor> tensors;
    private final Fingerprint fingerprint;
    private final String weightsIdentity;
    private final Arena arena;

    private Checkpoint(
            ModelConfig config,
            PreprocessorBounds preprocessor,
            SamplingParameters samplingDefaults,
            Map<String, Tensor> tensors,
            Fingerprint fingerprint,
            String weightsIdentity,
            Arena arena) {
        this.config = config;
        this.preprocessor = preprocessor;
        this.samplingDefaults = samplingDefaults;
        this.tensors = tensors;
        this.fingerprint = fingerprint;
        this.weightsIdentity = weightsIdentity;
        this.arena = arena;
    }

    /**
     * Opens and checks a model folder.
     *
     * @throws ModelException with one sentence that names what is missing, damaged or not supported
     */
    @SuppressWarnings("MustBeClosedChecker")
    public static Checkpoint open(Path dir) {
        if (!Files.isDirectory(dir)) {
            throw new ModelException(
                    "missing-folder", "The model folder does not exist; give the folder that holds config.json.");
        }
        ModelConfig config = ConfigReader.read(dir);
        PreprocessorBounds preprocessor = Defaults.preprocessor(dir, config.vision());
        SamplingParameters sampling = Defaults.sampling(dir);
        List<Path> files = Weights.files(dir);
        Arena arena = Arena.ofShared();
        try {
            Map<String, Tensor> tensors = Weights.load(files, ExpectedTensors.of(config), arena);
            return new Checkpoint(
                    config,
                    preprocessor,
                    sampling,
                    tensors,
                    Fingerprint.start(dir, files),
                    WeightsIdentity.of(files),
                    arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    public ModelConfig config() {
        return config;
    }

    public PreprocessorBounds preprocessor() {
        return preprocessor;
    }

    /** Every field that samples is set; seed and limits are not. */
    public SamplingParameters samplingDefaults() {
        return samplingDefaults;
    }

    /**
     * A tensor by its canonical name, the older generation's. {@code lm_head.weight} of a model with tied embeddings is
     * {@code model.embed_tokens.weight}.
     *
     * @throws ModelException where there is none of that name and shape
     */
    public Tensor tensor(String canonicalName, int... expectedShape) {
        boolean tied =
                canonicalName.equals(ExpectedTensors.OUTPUT) && config.text().tieWordEmbeddings();
        Tensor tensor = tensors.get(tied ? ExpectedTensors.EMBEDDING : canonicalName);
        if (tensor == null) {
            throw new ModelException(
                    "missing-tensors",
                    "The checkpoint lacks the tensor " + canonicalName + "; download it again in full.");
        }
        if (!Arrays.equals(tensor.shape(), expectedShape)) {
            throw new ModelException(
                    "wrong-shape",
                    "Tensor " + canonicalName + " is " + Arrays.toString(tensor.shape()) + " where the model needs "
                            + Arrays.toString(expectedShape) + ".");
        }
        return tensor;
    }

    /**
     * SHA-256, in 64 hex digits, over names and content of the configuration, tokenizer, template and weight files: it
     * changes when any byte of them does. Computed in the background from the moment of opening; this waits for it.
     */
    public String fingerprint() {
        return fingerprint.get();
    }

    /**
     * A name for the weight files, in 64 hex digits, had without reading them: it changes when a file's path, size,
     * modification time or header does.
     */
    public String weightsIdentity() {
        return weightsIdentity;
    }

    /** Number of weights that the model uses. */
    public long parameters() {
        return tensors.values().stream().mapToLong(Tensor::elements).sum();
    }

    /** Unmaps the weights. No tensor may be in use. */
    @Override
    public void close() {
        fingerprint.cancel();
        arena.close();
    }
}
