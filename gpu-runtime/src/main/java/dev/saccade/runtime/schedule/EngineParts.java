package dev.saccade.runtime.schedule;

import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.checkpoint.ModelConfig;
import dev.saccade.runtime.device.Device;
import dev.saccade.runtime.kv.BlockPool;
import dev.saccade.runtime.media.MediaPipeline;
import dev.saccade.runtime.model.Decoder;
import dev.saccade.runtime.model.VisionTower;
import dev.saccade.runtime.sampling.Samplers;
import dev.saccade.runtime.text.PromptEncoder;
import dev.saccade.runtime.text.Tokenizer;
import java.time.InstantSource;

/** What the engine's thread works with, put together for one model. */
public final class EngineParts {

    private final EngineOptions options;
    private final BlockPool pool;
    private final MediaSource media;
    private final VisionCache visionCache;
    private final RequestChecks checks;
    private final PromptBuilder prompts;
    private final StepRunner runner;
    private final Results results;
    private final Counters counters = new Counters();
    private final Scheduler scheduler;
    private final InstantSource clock;
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
        this(checkpoint, tokenizer, encoder, device, options, media, StepBudget.DEFAULT, InstantSource.system());
    }

    EngineParts(
            Checkpoint checkpoint,
            Tokenizer tokenizer,
            PromptEncoder encoder,
            Device device,
            EngineOptions options,
            MediaSource media,
            StepBudget budget,
            InstantSource clock) {
        ModelConfig config = checkpoint.config();
        this.options = options;
        this.clock = clock;
        this.pool = new BlockPool(BlockPool.blocksFor(options.kvCacheTokens()));
        this.media = media;
        this.visionCache = new VisionCache(
                Math.min(options.visionCacheBytes(), shareOfHeap()),
                config.vision().outHiddenSize());
        int context = config.text().maxPositions();
        int vocabulary = config.text().vocabularySize();
        this.samplers =
                new Samplers(checkpoint.samplingDefaults(), vocabulary, context, config.eosTokenIds(), tokenizer);
        this.checks = new RequestChecks(samplers, context, pool.blocks());
        this.prompts = new PromptBuilder(encoder, config, checks, options);
        Decoder decoder = new Decoder(checkpoint, device, pool.blocks());
        this.runner = new StepRunner(device, new VisionTower(checkpoint, device), decoder, budget, counters);
        this.scheduler = new Scheduler(pool, budget, options, decoder::copyBlock, counters);
        this.results = new Results(checkpoint::fingerprint);
    }

    /** A request whose prompt is ready. */
    SequenceGroup group(Ticket ticket, Prompt prompt) {
        return new SequenceGroup(
                ticket,
                prompt,
                completion -> samplers.writer(
                        ticket.request(),
                        ticket.sampling(),
                        ticket.seed(),
                        completion,
                        prompt.encoded().ids()),
                samplers.promptLogprobs(ticket.sampling(), prompt.encoded().ids()));
    }

    Scheduler scheduler() {
        return scheduler;
    }

    Counters counters() {
        return counters;
    }

    InstantSource clock() {
        return clock;
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

    VisionCache visionCache() {
        return visionCache;
    }

    /** Memory for pixels that are not encoded yet. */
    long patchBytes() {
        return shareOfHeap();
    }

    /** Pixels and the CPU's visual tokens lie in Java's heap, beside what steps need: a third for each. */
    private static long shareOfHeap() {
        return Runtime.getRuntime().maxMemory() / 3;
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
