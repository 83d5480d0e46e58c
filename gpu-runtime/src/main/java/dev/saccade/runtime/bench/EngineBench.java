package dev.saccade.runtime.bench;

import dev.saccade.runtime.Engine;
import dev.saccade.runtime.EngineOptions;
import dev.saccade.runtime.GenerationResult;
import dev.saccade.runtime.Precision;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.bench.EngineFigures.Decode;
import dev.saccade.runtime.checkpoint.Checkpoint;
import dev.saccade.runtime.checkpoint.ModelConfig;
import dev.saccade.runtime.device.cpu.ProductKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Measures an engine from outside, as its users see it. Everything is measured in rounds, with the limits between, and the
 * best of the rounds counts: what else a machine does can only make a figure worse.
 */
public final class EngineBench {

    /** The first round also has the kernels compiled; one that took so long has been running compiled ones. */
    private static final double LONG_ROUND_SECONDS = 45;

    private static final int MOST_ROUNDS = 12;
    private static final int PREFILL_TOKENS = 512;

    /** Of each answer while the scheduler is measured: enough for its code to be compiled, where a step is short. */
    private static final int SCHEDULED_TOKENS = 256;

    private static final int SCHEDULED_TOKENS_OF_LARGE = 32;
    private static final long LARGE_BYTES = 1L << 28;

    /** Tokens that a clip may take beside the text. */
    private static final int CLIP_TOKENS = 16_384;

    private final BenchSettings settings;
    private final Consumer<String> progress;
    private final ModelConfig config;
    private final Machine machine;

    private EngineBench(BenchSettings settings, Consumer<String> progress) {
        this.settings = settings;
        this.progress = progress;
        try (Checkpoint checkpoint = Checkpoint.open(settings.model())) {
            this.config = checkpoint.config();
        }
        int threads = settings.options().computeThreads();
        this.machine = Machine.here(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
    }

    /**
     * Measures; takes seconds for the demo model, minutes for a large one.
     *
     * @param progress told what is being measured
     */
    public static EngineFigures run(BenchSettings settings, Consumer<String> progress) throws IOException {
        EngineBench bench = new EngineBench(settings, progress);
        return bench.priced(bench.measure()); // one engine after the other: two large models may not fit
    }

    private EngineFigures measure() throws IOException {
        Path scratch = Files.createTempDirectory("saccade-bench");
        progress.accept("loading");
        long weightBytes = MatrixProducts.weightBytesOfAStep(config);
        try (ReadBandwidth bandwidth = new ReadBandwidth(weightBytes, machine.threads());
                Engine engine = Engine.open(settings.model(), options())) {
            Requests requests = new Requests(engine);
            int promptTokens = Math.max(settings.promptTokens(), requests.leastTokens());
            List<DecodeRun> runs = decode(engine, requests, promptTokens, bandwidth);
            EngineFigures.Prefill prefill = prefill(engine, requests);
            ClipRounds clips = clips(engine, requests, scratch);
            return new EngineFigures(
                    settings.shape(),
                    config.text().layers(),
                    promptTokens,
                    settings.outputTokens(),
                    runs.stream()
                            .map(run -> decodeFigures(run, weightBytes, bandwidth.best()))
                            .toList(),
                    prefill,
                    clips.vision(),
                    clips.repeat(),
                    schedulerMicros(engine, requests, SamplingParameters.greedy()),
                    schedulerMicros(engine, requests, SamplingParameters.DEFAULT),
                    bandwidth.best() / 1e9,
                    weightBytes,
                    null,
                    machine);
        } finally {
            delete(scratch);
        }
    }

    private EngineOptions options() {
        int each = settings.promptTokens() + settings.outputTokens() + PREFILL_TOKENS;
        int context = config.text().maxPositions();
        return settings.options().toBuilder()
                .maxSequences(Math.max(settings.options().maxSequences(), settings.mostSequences()))
                .kvCacheTokens(Math.max(
                        settings.mostSequences() * Math.min(each, context), Math.min(CLIP_TOKENS, 2 * context)))
                .speculativeTokens(0) // a step writes one token of each sequence, so that its time is known
                .build();
    }

    /** The largest number of requests, where the promise costs most, once more without it. */
    private EngineFigures priced(EngineFigures figures) {
        Decode most = figures.results().stream()
                .max(Comparator.comparingInt(Decode::concurrency))
                .orElseThrow();
        if (ProductKernels.best().oneForAllRows()) { // the same kernels run with and without
            return figures.with(new EngineFigures.Invariance(
                    most.concurrency(), most.tokensPerSecond(), most.tokensPerSecond(), 0));
        }
        EngineOptions without = options().toBuilder().batchInvariant(false).build();
        List<DecodeRun> runs = new ArrayList<>();
        try (Engine engine = Engine.open(settings.model(), without)) {
            Requests requests = new Requests(engine);
            rounds(
                    "decoding without batch invariance",
                    () -> runs.add(DecodeRun.of(
                            engine, requests, most.concurrency(), figures.promptTokens(), settings.outputTokens())));
        }
        double faster =
                runs.stream().mapToDouble(DecodeRun::tokensPerSecond).max().orElseThrow();
        return figures.with(new EngineFigures.Invariance(
                most.concurrency(), most.tokensPerSecond(), faster, 1 - most.tokensPerSecond() / faster));
    }

    private static Decode decodeFigures(DecodeRun run, long weightBytes, double bandwidth) {
        return new Decode(
                run.concurrency(),
                run.tokensPerSecond(),
                run.timeToFirstTokenMillis(),
                run.interTokenMillis(),
                weightBytes / run.stepSeconds() / bandwidth);
    }

    private List<DecodeRun> decode(Engine engine, Requests requests, int promptTokens, ReadBandwidth bandwidth) {
        Map<Integer, DecodeRun> best = new LinkedHashMap<>();
        rounds("decoding", () -> {
            for (int concurrency : settings.concurrency()) {
                bandwidth.measure();
                best.merge(
                        concurrency,
                        DecodeRun.of(engine, requests, concurrency, promptTokens, settings.outputTokens()),
                        DecodeRun::faster);
            }
        });
        bandwidth.measure();
        return List.copyOf(best.values());
    }

    private EngineFigures.Prefill prefill(Engine engine, Requests requests) {
        int tokens = Math.max(
                requests.leastTokens(), Math.min(PREFILL_TOKENS, config.text().maxPositions() / 2));
        MatrixProducts products = MatrixProducts.ofLayers(config.text(), tokens);
        Best seconds = new Best();
        Bare bare = new Bare();
        rounds("reading a prompt", () -> {
            bare.measure(products);
            TokenTimes times = new TokenTimes(1);
            GenerationResult result =
                    engine.submit(requests.ofTokens(tokens, 1), times).result().join();
            seconds.add(result.timings().prefillMillis() / 1e3);
        });
        bare.measure(products);
        double taken = seconds.value();
        return new EngineFigures.Prefill(
                tokens,
                tokens / taken,
                products.operations() / taken / 1e9,
                bare.bfloat16.dividedBy(taken),
                bare.float32.dividedBy(taken));
    }

    /** The best times of bare products, where there is something to measure them with. */
    private final class Bare {
        private final Best bfloat16 = new Best();
        private final Best float32 = new Best();

        void measure(MatrixProducts products) {
            BareProducts bare = settings.bare();
            if (bare != null) {
                bfloat16.add(products.seconds(bare, Precision.BFLOAT16));
                float32.add(products.seconds(bare, Precision.FLOAT32));
            }
        }
    }

    private double schedulerMicros(Engine engine, Requests requests, SamplingParameters sampling) {
        boolean large = MatrixProducts.weightBytesOfAStep(config) > LARGE_BYTES;
        int tokens = large ? SCHEDULED_TOKENS_OF_LARGE : SCHEDULED_TOKENS;
        Best micros = new Best();
        rounds("scheduling", () -> micros.add(SchedulerRun.microsPerStep(engine, requests, sampling, tokens)));
        return micros.value();
    }

    private record ClipRounds(EngineFigures.Vision vision, EngineFigures.Repeat repeat) {}

    /** Each round asks twice about a clip that no earlier round has seen. */
    private ClipRounds clips(Engine engine, Requests requests, Path scratch) throws IOException {
        List<GenerationResult> firsts = new ArrayList<>();
        Best first = new Best();
        Best second = new Best();
        Best vision = new Best();
        Bare bare = new Bare();
        rounds("looking at a clip", () -> {
            int round = firsts.size();
            Path clip = scratch.resolve("clip-" + round + ".mp4");
            settings.clip().write(clip, round);
            GenerationResult fresh = ask(engine, requests, clip, first);
            firsts.add(fresh);
            vision.add(fresh.timings().visionMillis() / 1e3);
            ask(engine, requests, clip, second);
            bare.measure(tower(fresh));
        });
        GenerationResult any = firsts.getLast();
        int visualTokens = any.usage().visualTokens();
        return new ClipRounds(
                new EngineFigures.Vision(
                        patches(any),
                        tower(any).operations() / vision.value() / 1e9,
                        bare.bfloat16.dividedBy(vision.value()),
                        bare.float32.dividedBy(vision.value())),
                new EngineFigures.Repeat(visualTokens, 1e3 * first.value(), 1e3 * second.value()));
    }

    private static GenerationResult ask(Engine engine, Requests requests, Path clip, Best firstToken) {
        TokenTimes times = new TokenTimes(2);
        GenerationResult result =
                engine.submit(requests.about(clip), times).result().join();
        firstToken.add(times.firstMillis() / 1e3);
        return result;
    }

    private int patches(GenerationResult result) {
        int merge = config.vision().mergeSize();
        return result.usage().visualTokens() * merge * merge;
    }

    private MatrixProducts tower(GenerationResult result) {
        return MatrixProducts.ofTower(config.vision(), patches(result));
    }

    /** A piece of measuring; input and output are the clips'. */
    private interface Round<E extends Exception> {
        void run() throws E;
    }

    private <E extends Exception> void rounds(String what, Round<E> round) throws E {
        long started = System.nanoTime();
        for (int i = 0; i < MOST_ROUNDS; i++) {
            double seconds = (System.nanoTime() - started) / 1e9;
            if (i > 0 && seconds > LONG_ROUND_SECONDS || i > 1 && seconds > settings.seconds()) {
                return;
            }
            progress.accept(what + ", round " + (i + 1));
            round.run();
        }
    }

    /** The least of several times. */
    private static final class Best {
        private double seconds = Double.POSITIVE_INFINITY;

        void add(double taken) {
            seconds = Math.min(seconds, taken);
        }

        double value() {
            return seconds;
        }

        /** Null where nothing was measured. */
        @Nullable
        Double dividedBy(double other) {
            return Double.isInfinite(seconds) ? null : seconds / other;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
