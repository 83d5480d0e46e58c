package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.checkpoint.ModelConfig;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.device.KeyValueCache;
import dev.saccade.runtime.kv.BlockPool;
import dev.saccade.runtime.media.MediaPipeline;
import dev.saccade.runtime.model.Decoder;
import dev.saccade.runtime.model.VisionTower;
import dev.saccade.runtime.sampling.Samplers;
import dev.saccade.runtime.text.PromptEncoder;
import dev.saccade.runtime.text.Tokenizer;

/** What the engine's thread works with, put together for one model. */
public final class EngineParts {

    private final ModelConfig config;
    private final EngineOptions options;
    private final BlockPool pool;
    private final MediaSource media;
    private final RequestChecks checks;
    private final PromptBuilder prompts;
    private final StepRunner runner;
    private final Results results;
    private final Samplers samplers;

    /** The checkpoint, the tokenizer and the device stay the caller's to close. */
    public EngineParts(
            Checkpoint checkpoint, Tokenizer tokenizer, PromptEncoder encoder, Device device, EngineOptions options) {
        this(
                checkpoint,
                tokenizer,
                encoder,
                device,
                options,
                MediaSource.of(new MediaPipeline(options.mediaLimits(), checkpoint.preprocessor())));
    }

    EngineParts(
            Checkpoint checkpoint,
            Tokenizer tokenizer,
            PromptEncoder encoder,
            Device device,
            EngineOptions options,
            MediaSource media) {
        this.config = checkpoint.config();
        this.options = options;
        this.pool = new BlockPool(BlockPool.blocksFor(options.kvCacheTokens()));
        this.media = media;
        int context = config.text().maxPositions();
        int vocabulary = config.text().vocabularySize();
        this.samplers =
                new Samplers(checkpoint.samplingDefaults(), vocabulary, context, config.eosTokenIds(), tokenizer);
        this.checks = new RequestChecks(samplers, context, pool.blocks() * KeyValueCache.BLOCK_TOKENS);
        this.prompts = new PromptBuilder(encoder, config, checks);
        this.runner = new StepRunner(
                device, new VisionTower(checkpoint, device), new Decoder(checkpoint, device, pool.blocks()));
        this.results = new Results(checkpoint::fingerprint);
    }

    /** A request takes its place in the batch, with all blocks that it can need. */
    Sequence enter(Scheduler.Waiting waiting) {
        Ticket ticket = waiting.ticket();
        Prompt prompt = waiting.prompt();
        ticket.watch().admitted();
        return new Sequence(
                ticket,
                prompt,
                pool.allocate(BlockPool.blocksFor(prompt.longest())),
                new VisualTokens(
                        prompt.media(),
                        prompt.encoded().spans(),
                        config.vision().outHiddenSize()),
                samplers.writer(
                        ticket.request(),
                        ticket.sampling(),
                        ticket.seed(),
                        0,
                        prompt.encoded().ids()));
    }

    int maxSequences() {
        return options.maxSequences();
    }

    int mediaThreads() {
        return Math.max(1, options.mediaThreads());
    }

    BlockPool pool() {
        return pool;
    }

    MediaSource media() {
        return media;
    }

    RequestChecks checks() {
        return checks;
    }

    PromptBuilder prompts() {
        return prompts;
    }

    StepRunner runner() {
        return runner;
    }

    Results results() {
        return results;
    }
}
